import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask, listSeats, listUsage, type ContractProduct } from '../../api/client'
import { useAccount } from '../../app/account'

/** The account's products, how many seats of each are in use, and the contracts that they are on, from its lines, page by page as they are wanted. */
export function useProducts() {
  const { id: accountId } = useAccount()
  const query = useInfiniteQuery({
    queryKey: ['usage', accountId, 'products'],
    queryFn: ({ pageParam, signal }) => ask(listUsage({ path: { accountId }, query: { pageSize: 200, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
    staleTime: 60_000,
  })
  const lines = (query.data?.pages ?? []).flatMap(({ items }) => items)
  const products = new Map<string, ContractProduct>(lines.map(({ product }) => [product.id, product]))
  const contracts = new Map(lines.map(({ contractId, contractName }) => [contractId, contractName]))
  const used = new Map<string, number>()
  for (const { product, usage } of lines) used.set(product.id, (used.get(product.id) ?? 0) + usage.used)
  return { query, products, contracts, used }
}

type Held = { productId: string; contractId: string }

/**
 * What the products and contracts of somebody's seats are called, and which of the seats are derived: they end with the last queue. The licence list says
 * it, found by their address in one call, however large the account is. `derived` is left out while that is not known; `error` says why, if it is no matter of time.
 */
export function useNamesOf({ id, email }: { id: string; email: string }, seats: Held[]) {
  const { id: accountId } = useAccount()
  const { data, isPlaceholderData, error, refetch } = useQuery({
    queryKey: ['usage', accountId, 'names', id, seats.map(({ productId, contractId }) => [productId, contractId])],
    queryFn: ({ signal }) => ask(listSeats({ path: { accountId }, query: { q: email, state: 'assigned', pageSize: 200 }, signal })),
    enabled: seats.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
  const theirs = (data?.items ?? []).filter(({ user }) => user?.id === id)
  const products = new Map(theirs.map(({ product }) => [product.id, product.name]))
  const contracts = new Map(theirs.map(({ contractId, contractName }) => [contractId, contractName]))
  const known = seats.length === 0 || (data && !isPlaceholderData)
  const ends = new Set(theirs.filter(({ derived }) => derived).map(({ product }) => product.id))
  return {
    product: (code: string) => products.get(code) ?? code,
    contract: (contract: string) => contracts.get(contract) ?? '',
    derived: known ? seats.filter(({ productId }) => ends.has(productId)) : undefined,
    error,
    refetch,
  }
}
