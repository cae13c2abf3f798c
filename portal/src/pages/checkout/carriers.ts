import type { OrderItemWire, OrderPartInput, QuoteCartBody } from '../../api/client'

/** Who carries seats: a cost center that is there, one that the order creates, or none. */
export type Carrier = { kind: 'none' } | { kind: 'known'; id: string; name: string } | { kind: 'new'; name: string }
export type Part = { carrier: Carrier; quantity: number }

/** By product: one carrier of all its seats, or several whose seats sum to them. What is not here is carried by none. */
export type Carriers = Record<string, Carrier | Part[]>

export const none: Carrier = { kind: 'none' }

/** The same cost center is named once: the names of new ones are compared as the API does, without regard to case. */
export const idOf = (carrier: Carrier): string => (carrier.kind === 'known' ? carrier.id : carrier.kind === 'new' ? `new ${carrier.name.trim().toLowerCase()}` : 'none')

export const sumOf = (parts: { quantity: number }[]): number => parts.reduce((sum, { quantity }) => sum + quantity, 0)

/** Whether the parts of every row still sum to its seats: the cart can be changed after a row was split. */
export const whole = (carriers: Carriers, { product, quantity }: Pick<OrderItemWire, 'product' | 'quantity'>): boolean => {
  const of = carriers[product.id]
  return !Array.isArray(of) || sumOf(of) === quantity
}

const said = (carrier: Carrier): Pick<OrderPartInput, 'costCenterId' | 'newCostCenterName'> =>
  carrier.kind === 'known' ? { costCenterId: carrier.id } : carrier.kind === 'new' ? { newCostCenterName: carrier.name.trim() } : {}

/** What a quote is asked with, for the products that are still in the cart. */
export function quoteBody(carriers: Carriers, items: Pick<OrderItemWire, 'product'>[]): QuoteCartBody {
  const rows = items.flatMap(({ product }) => {
    const of = carriers[product.id]
    if (!of || (!Array.isArray(of) && of.kind === 'none')) return []
    if (!Array.isArray(of)) return [{ productId: product.id, ...said(of) }]
    return [{ productId: product.id, split: of.map(({ carrier, quantity }) => ({ ...said(carrier), quantity })) }]
  })
  return rows.length > 0 ? { rows } : {}
}
