import Select, { type SelectProps } from '@cloudscape-design/components/select'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { ask, listAccounts } from '../api/client'
import { useAccountIfAny, useMe } from './account'
import { accountPath } from './page'
import { useText } from './texts'
import { pageSize } from './use-page'
import { useSearch } from './use-search'

/** Which account the pages are about. An operator's are searched for; everybody else's came with who they are. */
export function AccountSwitch() {
  const { operator, accounts } = useMe()
  const account = useAccountIfAny()
  if (operator) return <OfAll />
  if (accounts.length === 0) return null
  if (accounts.length === 1 && account) return <span className="account">{account.name}</span>
  return <OfMine />
}

function useSwitch() {
  const t = useText()
  const account = useAccountIfAny()
  const navigate = useNavigate()
  return {
    selectedOption: account ? { value: account.id, label: account.name } : null,
    onChange: ({ detail }: { detail: SelectProps.ChangeDetail }) => void navigate(accountPath(detail.selectedOption.value ?? '')),
    placeholder: t('app.account.choose'),
    selectedAriaLabel: t('app.selected'),
    ariaLabel: t('app.account'),
    filteringAriaLabel: t('app.account.search'),
    filteringPlaceholder: t('app.account.search'),
    empty: t('app.account.none'),
    expandToViewport: true,
  }
}

function OfMine() {
  const { accounts } = useMe()
  return (
    <div className="account">
      <Select {...useSwitch()} filteringType={accounts.length > 8 ? 'auto' : 'none'} options={accounts.map(({ id, name }) => ({ value: id, label: name }))} />
    </div>
  )
}

function OfAll() {
  const t = useText()
  const search = useSearch()
  const query = useInfiniteQuery({
    queryKey: ['accounts', search.asked],
    queryFn: ({ pageParam, signal }) => ask(listAccounts({ query: { q: search.asked || undefined, pageSize, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
  })
  const options = (query.data?.pages ?? []).flatMap((page) => page.items).map(({ id, name, crmId }) => ({ value: id, label: name, description: crmId }))
  return (
    <div className="account">
      <Select
        {...useSwitch()}
        filteringType="manual"
        options={options}
        statusType={query.isError ? 'error' : query.isFetching ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
        loadingText={t('app.table.loading')}
        errorText={t('app.account.failed')}
        recoveryText={t('app.problem.retry')}
        onLoadItems={({ detail }) => {
          search.setText(detail.filteringText)
          if (query.isError) void query.refetch()
          else if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
        }}
      />
    </div>
  )
}
