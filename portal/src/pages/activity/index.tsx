import Button from '@cloudscape-design/components/button'
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Select from '@cloudscape-design/components/select'
import type { TableProps } from '@cloudscape-design/components/table'
import Token from '@cloudscape-design/components/token'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { ask, listActivity, problemOf, type ActivityRecord, type ListActivityData, type ListActivityResponse } from '../../api/client'
import { asCsv, csvRows, download, wholeCsv } from '../../api/csv'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useFormat, type Format } from '../../app/format'
import { ServerTable, type Words } from '../../app/server-table'
import { useLanguage, useText, type Text } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { changesOf } from './changes'
import { actionName, authorName, Changes, kinds, thingName } from './words'

type Query = NonNullable<ListActivityData['query']>

/** How far back a month can be chosen; older ones are in the list without a filter. */
const monthsBack = 36

export default function Activity() {
  const t = useText()
  const { id: accountId, mine } = useAccount()
  return (
    <Records
      name={['activity', accountId]}
      words={{ title: t('activity.title'), description: t('activity.description'), empty: t('activity.empty') }}
      // The API's months are those of UTC: at the turn of a month the account's own day may be in another.
      today={new Date(mine.now).toISOString().slice(0, 10)}
      kinds={kinds}
      read={(request) => listActivity({ path: { accountId }, ...request })}
    />
  )
}

type Request = { query: Query; signal?: AbortSignal } | ({ query: Query } & typeof asCsv)
type Props = {
  name: readonly string[]
  words: Words
  /** The month of this day is the latest to choose. */
  today: string
  /** The nouns that actions begin with here. */
  kinds: string[]
  read: (request: Request) => Promise<({ data: ListActivityResponse; error: undefined } | { data: undefined; error: unknown }) & { response?: Response }>
}

/** What was changed, of an account or of the vendor’s own: by month and kind, of one thing alone, and as a file. */
export function Records({ name, words, today, kinds, read }: Props) {
  const t = useText()
  const format = useFormat()
  const [asked, setAsked] = useSearchParams()
  const [subjectName, setSubjectName] = useState('')
  const [month, kind, subjectId] = [asked.get('month') ?? '', asked.get('kind') ?? '', asked.get('subject') ?? '']
  const set = (change: Record<string, string>) =>
    setAsked((was) => {
      const next = new URLSearchParams({ ...Object.fromEntries(was), ...change })
      return new URLSearchParams([...next].filter(([, value]) => value !== ''))
    })
  const query: Query = { month: month || undefined, kind: kind || undefined, subjectId: subjectId || undefined }
  const page = usePage<ActivityRecord>([...name, query], ({ signal, ...paging }) => ask(read({ query: { ...query, ...paging }, signal })))
  const only = (record: ActivityRecord) => {
    setSubjectName(thingName(t, record.subject))
    set({ subject: record.subject.id })
  }
  return (
    <ServerTable<ActivityRecord>
      words={words}
      page={page}
      columnDefinitions={columns(t, format, subjectId ? undefined : only)}
      trackBy="id"
      filtered={month !== '' || kind !== '' || subjectId !== ''}
      clearFilters={() => set({ month: '', kind: '', subject: '' })}
      filters={
        <>
          <Month value={month} today={today} choose={(value) => set({ month: value, ...(value === '' && { kind: '' }) })} />
          {/* The API looks for a kind within a month. */}
          <Kind value={kind} kinds={kinds} choose={(value) => set({ kind: value, ...(value !== '' && month === '' && { month: today.slice(0, 7) }) })} />
          {subjectId && <Token label={t('activity.only', { name: subjectName || nameIn(page.items, subjectId) })} dismissLabel={t('activity.only.end')} onDismiss={() => set({ subject: '' })} />}
        </>
      }
      actions={<Csv read={read} query={query} name={name[0] ?? ''} />}
    />
  )
}

const nameIn = (items: ActivityRecord[], id: string) => items.map(({ subject }) => subject).find((thing) => thing.id === id)?.name ?? id

function columns(t: Text, format: Format, only: ((record: ActivityRecord) => void) | undefined): TableProps.ColumnDefinition<ActivityRecord>[] {
  return [
    { id: 'at', header: t('activity.column.at'), minWidth: 150, cell: ({ at }) => format.dateTime(at) },
    {
      id: 'what',
      header: t('activity.column.what'),
      isRowHeader: true,
      minWidth: 220,
      cell: (record) => (
        <div>
          <Box variant="strong">{actionName(t, record.action)}</Box>
          <Box>
            {only ? (
              <Button variant="inline-link" onClick={() => only(record)} ariaLabel={t('activity.only.choose', { name: thingName(t, record.subject) })}>
                {thingName(t, record.subject)}
              </Button>
            ) : (
              thingName(t, record.subject)
            )}
          </Box>
        </div>
      ),
    },
    { id: 'who', header: t('activity.column.who'), minWidth: 160, cell: (record) => <Author record={record} t={t} /> },
    { id: 'changes', header: t('activity.column.changes'), minWidth: 260, cell: (record) => <Details record={record} t={t} format={format} /> },
  ]
}

function Author({ record, t }: { record: ActivityRecord; t: Text }) {
  return (
    <div>
      {authorName(t, record.author)}
      {record.author.ip && (
        <Box variant="small" display="block">
          {record.author.ip}
        </Box>
      )}
    </div>
  )
}

function Details({ record, t, format }: { record: ActivityRecord; t: Text; format: Format }) {
  const count = changesOf(record).length + (record.targets?.length ?? 0)
  if (count === 0) return null
  const all = <Changes record={record} t={t} format={format} />
  if (count < 3) return all
  return (
    <ExpandableSection variant="inline" headerText={t('activity.details')} headerAriaLabel={t('activity.details.of', { name: thingName(t, record.subject) })}>
      {all}
    </ExpandableSection>
  )
}

function Month({ value, today, choose }: { value: string; today: string; choose: (value: string) => void }) {
  const t = useText()
  const { language } = useLanguage()
  const options = useMemo(() => {
    const words = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' })
    const [year = 0, month = 1] = today.split('-').map(Number)
    const months = Array.from({ length: monthsBack }, (_, back) => new Date(Date.UTC(year, month - 1 - back, 1)))
    return [{ value: '', label: t('activity.month.all') }, ...months.map((day) => ({ value: day.toISOString().slice(0, 7), label: t('activity.month.utc', { month: words.format(day) }) }))]
  }, [t, language, today])
  return (
    <Select
      className="choice"
      ariaLabel={t('activity.month')}
      options={options}
      selectedOption={options.find((option) => option.value === value) ?? { value, label: value }}
      selectedAriaLabel={t('app.selected')}
      onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
      expandToViewport
    />
  )
}

function Kind({ value, kinds, choose }: { value: string; kinds: string[]; choose: (value: string) => void }) {
  const t = useText()
  const options = [{ value: '', label: t('activity.kind.all') }, ...kinds.map((kind) => ({ value: kind, label: t(`activity.kind.${kind}`) }))]
  return (
    <Select
      className="choice"
      ariaLabel={t('activity.kind')}
      options={options}
      selectedOption={options.find((option) => option.value === value) ?? { value, label: value }}
      selectedAriaLabel={t('app.selected')}
      onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
      expandToViewport
    />
  )
}

/** The list as it is filtered, whole, as one file. */
function Csv({ read, query, name }: { read: Props['read']; query: Query; name: string }) {
  const t = useText()
  const { say } = useFlash()
  const [busy, setBusy] = useState(false)
  const get = async () => {
    setBusy(true)
    try {
      const csv = await wholeCsv((pageToken) => read({ query: { ...query, pageToken, pageSize: csvRows }, ...asCsv }))
      download(`${[name, query.month, query.kind].filter(Boolean).join('-')}.csv`, csv)
    } catch (error) {
      say({ type: 'error', header: t('activity.csv.failed'), content: problemOf(error).detail || t('app.problem.network.detail') })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button iconName="download" loading={busy} onClick={() => void get()}>
      {t('activity.csv')}
    </Button>
  )
}
