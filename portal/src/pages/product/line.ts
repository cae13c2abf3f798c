import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, getContract, listOffers, type CatalogOfferedFeature, type ContractDetailOutput, type ContractLineWire } from '../../api/client'

export type Line = ContractLineWire & { contract: ContractDetailOutput }

/** A product on a contract, as it stands now. `undefined` within the answer: the contract has no such product. */
export const useLine = (accountId: string, contractId: string, productId: string) =>
  useQuery({
    queryKey: ['usage', accountId, 'of', contractId],
    queryFn: ({ signal }) => ask(getContract({ path: { accountId, contractId }, signal })),
    select: (contract): Line | undefined => {
      const line = contract.lines.find(({ product }) => product.id === productId)
      return line && { ...line, contract }
    },
  })

/** Why nobody can be added to a line, if so. */
export type Paused = 'expired' | 'not_set' | 'over_limit' | 'full'

export function pausedBy({ contract, usage }: Line): Paused | undefined {
  if (contract.status === 'expired') return 'expired'
  return usage.state === 'ok' || usage.state === 'warning' ? undefined : usage.state
}

/** To be called after seats were given, taken or moved: every list that shows them is read anew. */
export function useSeatsChanged(accountId: string): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(['usage', 'seats', 'users', 'cost-centers'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId] })))
  }
}

/** What a seat of a product can have switched on. */
export type Feature = CatalogOfferedFeature

/** The features of a product, from the catalog; none of a product that the catalog does not know. */
export function useFeatures(accountId: string, productId: string): Feature[] {
  const { data } = useQuery({
    queryKey: ['catalog', accountId, 'features', productId],
    queryFn: ({ signal }) => ask(listOffers({ path: { accountId }, query: { q: productId, pageSize: 200 }, signal })),
    select: ({ items }) => items.find((product) => product.productId === productId)?.features,
    staleTime: 60_000,
  })
  return data ?? []
}
