import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, getContract, listOffers, type CatalogOfferedFeature, type CatalogShopOutput, type ContractDetailOutput, type ContractLineWire } from '../../api/client'

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

/**
 * What the features of seats are called in the reader's language, by product: the catalog's names, read once for all of them. `undefined` while they are on
 * their way, or could not be read; an empty word is a feature that the vendor offers no longer.
 */
export function useFeatureNames(accountId: string, seats: { productId: string; features: string[] }[]): (productId: string, feature: string) => string | undefined {
  const products = [...new Set(seats.flatMap(({ productId, features }) => (features.length > 0 ? [productId] : [])))].sort()
  const { data } = useQuery({
    queryKey: ['catalog', accountId, 'features', products],
    queryFn: async ({ signal }) => {
      const known = new Map<string, Feature[]>()
      for (let pageToken: string | undefined; ; ) {
        const page: CatalogShopOutput = await ask(listOffers({ path: { accountId }, query: { pageSize: 200, pageToken }, signal }))
        for (const { productId, features } of page.items) if (products.includes(productId)) known.set(productId, features)
        pageToken = page.nextPageToken
        if (!pageToken || known.size === products.length) return known
      }
    },
    enabled: products.length > 0,
    staleTime: 60_000,
  })
  return (productId, feature) => data && (data.get(productId)?.find(({ id }) => id === feature)?.name ?? '')
}

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
