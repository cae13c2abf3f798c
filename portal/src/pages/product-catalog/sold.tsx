import type { CatalogPrice } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'

/** At what prices something is sold, and to which editions where not to all. */
export function Prices({ of: { prices = [], editions = [] }, t, format }: { of: { prices?: CatalogPrice[]; editions?: string[] }; t: Text; format: Format }) {
  if (prices.length === 0) return t('product-catalog.unsold')
  return (
    <>
      {prices.map(({ currency, period, tiers }) => (
        <div key={`${currency} ${period}`}>{t(`product-catalog.price.${period}`, { price: format.money({ amount: tiers[0]?.amount ?? 0, currency }), tiers: tiers.length })}</div>
      ))}
      {editions.length > 0 && <div>{t('product-catalog.editions.only', { editions: format.list(editions) })}</div>}
    </>
  )
}
