import table from './currencies.json'

/**
 * The currencies that the API knows, with the digits of their minor units: ISO 4217's. The browser's own (CLDR's) say how prices
 * are usually written instead, which is no cents of a forint. A test in internal/money holds the table to the API's.
 */
const digitsOf = new Map<string, number>(Object.entries(table))

/** How many digits an amount of a currency has behind the point; undefined for what the API does not know. */
export const digits = (currency: string): number | undefined => digitsOf.get(currency)

/** The currencies to choose from. The API knows those of the past too: the browser says which are in use. */
export const currencies = (): string[] => Intl.supportedValuesOf('currency').filter((code) => digitsOf.has(code))
