import { useIntl } from 'react-intl'
import type { CatalogName } from '../../api/client'

/** What a product is called in the reader's language. */
export function useNamed(): (name: CatalogName) => string {
  const french = useIntl().locale.startsWith('fr')
  return (name) => (french ? name.fr : name.en)
}

/** The day before: the API names the first that is not charged, people the last that is. */
export function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - 1)
  return date.toISOString().slice(0, 10)
}
