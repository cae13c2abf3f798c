import { describe, expect, it } from 'vitest'
import { currencies, digits } from './currency'
import { formatOf } from './format'

// Intl puts its own kinds of blanks around figures.
const plain = (text: string) => text.replace(/\s/gu, ' ')

describe('money', () => {
  it('has the digits of ISO 4217, as the API counts, and not those that a browser writes prices with', () => {
    for (const [currency, amount, en, fr] of [
      ['HUF', 499_000, 'HUF 4,990.00', '4 990,00 HUF'],
      ['IDR', 1250, 'IDR 12.50', '12,50 IDR'],
      ['PKR', 100, 'PKR 1.00', '1,00 PKR'],
      ['IQD', 1234, 'IQD 1.234', '1,234 IQD'],
      ['JPY', 1200, '¥1,200', '1 200 JPY'],
      ['EUR', 1250, '€12.50', '12,50 €'],
    ] as const) {
      expect(plain(formatOf('en', undefined).money({ amount, currency }))).toBe(en)
      expect(plain(formatOf('fr', undefined).money({ amount, currency }))).toBe(fr)
    }
  })

  it('is chosen among what the API knows', () => {
    const all = currencies()
    expect(all).toEqual(expect.arrayContaining(['CHF', 'EUR', 'HUF', 'JPY']))
    expect(all.filter((code) => digits(code) === undefined)).toEqual([])
    // This one is younger than the API's list.
    expect(Intl.supportedValuesOf('currency')).toContain('SLE')
    expect(all).not.toContain('SLE')
  })
})
