import { useQuery } from '@tanstack/react-query'
import { askWithTag, getSeller, Problem, type CatalogSeller } from '../../api/client'
import type { Read } from '../billing-profile/form'

/** Who sells, with every text there. */
export type Seller = Required<CatalogSeller>

const nobody: Seller = { legalName: '', street: '', postalCode: '', city: '', country: '', taxNumber: '', email: '', registration: '' }

async function readSeller(signal: AbortSignal): Promise<Read<Seller>> {
  try {
    const { data, tag } = await askWithTag(getSeller({ signal }))
    return { data: { ...nobody, ...data }, tag }
  } catch (error) {
    // Before operators have filled it in there is none.
    if (error instanceof Problem && error.status === 404) return { data: nobody, tag: '' }
    throw error
  }
}

/** Who sells; nobody where its country is empty. */
export const useSeller = () => useQuery({ queryKey: ['seller'], queryFn: ({ signal }) => readSeller(signal) })
