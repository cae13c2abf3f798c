import { useQueries, useQuery } from '@tanstack/react-query'
import { ask, getCostCenter, listCostCenters } from '../../api/client'
import { useAccount } from '../../app/account'

/** The names of cost centers, such as those of a line's pools, which the line knows by their ids alone. An id stands for itself until its name is known. */
export function useCostCenterNames(ids: string[]): (id: string) => string {
  const { id: accountId } = useAccount()
  const list = useQuery({
    queryKey: ['cost-centers', accountId, 'names'],
    queryFn: ({ signal }) => ask(listCostCenters({ path: { accountId }, query: { pageSize: 200 }, signal })),
    enabled: ids.length > 0,
    staleTime: 60_000,
  })
  const known = new Map(list.data?.items.map(({ id, name }) => [id, name]))
  // One page has nearly always all of them.
  const others = list.data ? ids.filter((id) => !known.has(id)) : []
  const answers = useQueries({
    queries: others.map((costCenterId) => ({
      queryKey: ['cost-centers', accountId, 'one', costCenterId],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(getCostCenter({ path: { accountId, costCenterId }, signal })),
      staleTime: 60_000,
    })),
  })
  return (id) => known.get(id) ?? answers[others.indexOf(id)]?.data?.name ?? id
}
