import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import type { ReactNode } from 'react'
import { ProblemAlert } from './problem-alert'
import { useText } from './texts'
import type { PageOf } from './use-page'
import type { useSearch } from './use-search'

/** What a table is of, in the words of its page. */
export type Words = {
  title: string
  description?: string
  /** The label of the search box; what can be searched by. */
  search?: string
  /** There is nothing at all. */
  empty: string
  emptyHint?: string
}

// The rows may be made of the answer's items; of the answer itself only this matters here.
type Shown<T> = Omit<PageOf<T>, 'answer'> & { answer: { truncated?: boolean; nextPageToken?: string } | undefined }

type Own<T> = {
  words: Words
  page: Shown<T>
  search?: ReturnType<typeof useSearch>
  /** Beside the search box. */
  filters?: ReactNode
  /** Whether a filter narrows the list, so that nothing found is no empty list. A search is seen by the table itself. */
  filtered?: boolean
  clearFilters?: () => void
  /** Beside the title: how many are selected. A list by pages has no total. */
  counter?: string
  actions?: ReactNode
  /** What can be done about an empty list. */
  emptyAction?: ReactNode
  headingLevel?: 'h1' | 'h2' | 'h3'
}

type Props<T> = Own<T> & Omit<TableProps<T>, 'items' | 'header' | 'filter' | 'pagination' | 'empty' | 'loading' | 'loadingText'>

/** A table of one page of a list, with its four states: loading, empty, nothing matches, failed. */
export function ServerTable<T>(props: Props<T>) {
  const { words, page, search, filters, filtered, clearFilters, counter, actions, emptyAction, headingLevel = 'h1', ...table } = props
  const t = useText()
  const narrowed = filtered || (search !== undefined && search.asked !== '')
  const clear = () => {
    search?.clear()
    clearFilters?.()
  }
  return (
    <Table<T>
      variant="container"
      stickyHeader={headingLevel === 'h1'}
      wrapLines
      {...table}
      items={page.problem ? [] : page.items}
      loading={page.loading && !page.problem}
      loadingText={t('app.table.loading')}
      header={
        <Header variant={headingLevel} description={words.description} counter={counter && `(${counter})`} actions={actions}>
          {words.title}
        </Header>
      }
      filter={search || filters ? <Filter words={words} page={page} search={search} filters={filters} /> : undefined}
      pagination={page.known > 1 ? <Paging page={page} /> : undefined}
      empty={
        page.problem ? (
          <ProblemAlert problem={page.problem} retry={page.retry} />
        ) : narrowed ? (
          <State title={t('app.table.noMatch')} hint={t('app.table.noMatchHint')} action={<Button onClick={clear}>{t('app.table.clear')}</Button>} />
        ) : (
          <State title={words.empty} hint={words.emptyHint} action={emptyAction} />
        )
      }
    />
  )
}

function Filter<T>({ words, page, search, filters }: Pick<Own<T>, 'words' | 'page' | 'search' | 'filters'>) {
  const t = useText()
  const found = search && search.asked !== '' && !page.loading && !page.problem
  return (
    <div className="filters">
      {search && (
        <TextFilter
          filteringText={search.text}
          filteringPlaceholder={words.search}
          filteringAriaLabel={words.search}
          onChange={({ detail }) => search.setText(detail.filteringText)}
          countText={found ? t(page.answer?.truncated ? 'app.table.truncated' : 'app.table.found', { count: page.items.length, more: page.hasNext }) : undefined}
        />
      )}
      {filters}
    </div>
  )
}

/** Forward by token, back to every page that was seen. */
export function Paging<T>({ page }: { page: Pick<PageOf<T>, 'number' | 'known' | 'hasNext' | 'go'> }) {
  return <Pagination currentPageIndex={page.number} pagesCount={page.known} openEnd={page.hasNext} onChange={({ detail }) => page.go(detail.currentPageIndex)} />
}

function State({ title, hint, action }: { title: string; hint?: string; action?: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: 'm' }}>
      <SpaceBetween size="xs">
        <Box variant="strong" color="inherit">
          {title}
        </Box>
        {hint && (
          <Box variant="p" color="inherit">
            {hint}
          </Box>
        )}
        {action}
      </SpaceBetween>
    </Box>
  )
}
