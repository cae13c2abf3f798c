import type { CatalogPrice } from '../../api/client'
import { digits } from '../../app/currency'

/** A tier of a price as it is typed. */
export type Row = { currency: string; period: 'monthly' | 'yearly'; from: string; price: string }

/** An amount as it is typed, with a comma or a point, in minor units; undefined where it is none. */
export function minor(typed: string, currency: string): number | undefined {
  const places = digits(currency)
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed.trim())
  if (places === undefined || !match) return undefined
  const [, whole = '', part = ''] = match
  return part.length > places ? undefined : Number(whole + part.padEnd(places, '0'))
}

/** The tiers of all prices, as the form has them. */
export function rowsOf(prices: CatalogPrice[], comma: boolean): Row[] {
  return prices.flatMap(({ currency, period, tiers }) =>
    tiers.map(({ from, amount }) => {
      const places = digits(currency) ?? 2
      const text = (amount / 10 ** places).toFixed(places)
      return { currency, period, from: String(from), price: comma ? text.replace('.', ',') : text }
    }),
  )
}

export const good = ({ currency, from, price }: Row): boolean => /^[1-9]\d{0,6}$/.test(from.trim()) && minor(price, currency) !== undefined

/** The prices that rows say, each currency and period once, its tiers in their order. Rows that are not good have none. */
export function pricesOf(rows: Row[]): CatalogPrice[] {
  const prices: CatalogPrice[] = []
  for (const { currency, period, from, price } of rows) {
    let of = prices.find((one) => one.currency === currency && one.period === period)
    if (!of) prices.push((of = { currency, period, tiers: [] }))
    of.tiers.push({ from: Number(from), amount: minor(price, currency) ?? 0 })
  }
  for (const { tiers } of prices) tiers.sort((one, other) => one.from - other.from)
  return prices
}
