import { useInfiniteQuery } from '@tanstack/react-query'
import { ask, listCostCenters } from '../../api/client'
import { useAccount } from '../../app/account'
import { useText } from '../../app/texts'
import { pageSize } from '../../app/use-page'
import { useSearch } from '../../app/use-search'

/** The active cost centers as the options of a select: found by what is typed in it, and read on as it is scrolled. */
export function useCostCenterOptions() {
  const t = useText()
  const { id: accountId } = useAccount()
  const search = useSearch()
  const query = useInfiniteQuery({
    queryKey: ['cost-centers', accountId, 'options', search.asked],
    queryFn: ({ pageParam, signal }) => ask(listCostCenters({ path: { accountId }, query: { q: search.asked || undefined, pageSize, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
  })
  const found = (query.data?.pages ?? []).flatMap(({ items }) => items).map(({ id, name }) => ({ value: id, label: name }))
  const none = { value: 'none', label: t('cost-centers.none') }
  return {
    options: search.asked === '' ? [none, ...found] : found,
    filteringType: 'manual' as const,
    filteringPlaceholder: t('cost-centers.find'),
    filteringAriaLabel: t('cost-centers.find'),
    statusType: query.isError ? ('error' as const) : query.isFetching ? ('loading' as const) : query.hasNextPage ? ('pending' as const) : ('finished' as const),
    loadingText: t('app.table.loading'),
    errorText: t('cost-centers.failed'),
    recoveryText: t('app.problem.retry'),
    empty: t('app.table.noMatch'),
    selectedAriaLabel: t('app.selected'),
    expandToViewport: true,
    onLoadItems: ({ detail }: { detail: { filteringText: string; firstPage: boolean } }) => {
      search.setText(detail.filteringText)
      if (query.isError) void query.refetch()
      else if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
    },
  }
}
