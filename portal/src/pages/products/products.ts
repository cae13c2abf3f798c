import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask, listUsage, type ContractProduct } from '../../api/client'
import { useAccount } from '../../app/account'

/** The account's products and the contracts that they are on, from its lines, page by page as they are wanted. */
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
  return { query, products, contracts }
}

/** The same, read on until all of these are named or there are no more. */
export function useNamesOf(seats: { productId: string; contractId: string }[]) {
  const { query, products, contracts } = useProducts()
  const { hasNextPage, isFetching, isError, fetchNextPage } = query
  const missing = seats.some(({ productId, contractId }) => !products.has(productId) || !contracts.has(contractId))
  useEffect(() => {
    if (missing && hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [missing, hasNextPage, isFetching, isError, fetchNextPage])
  return { product: (id: string) => products.get(id)?.name ?? id, contract: (id: string) => contracts.get(id) ?? '' }
}
