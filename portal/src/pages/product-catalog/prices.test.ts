import { describe, expect, it } from 'vitest'
import { good, minor, pricesOf, rowsOf } from './prices'

describe('a price as it is typed', () => {
  it('is whole minor units of its currency, with a comma or a point', () => {
    for (const [typed, currency, amount] of [
      ['12,50', 'EUR', 1250], ['12.5', 'EUR', 1250], ['0', 'EUR', 0], [' 7 ', 'GBP', 700], ['1200', 'JPY', 1200], ['1.234', 'KWD', 1234],
      ['4990', 'HUF', 499_000], ['4990,50', 'HUF', 499_050], ['12,5', 'IDR', 1250], ['1,234', 'IQD', 1234],
      ['12,505', 'EUR', undefined], ['1,5', 'JPY', undefined], ['-3', 'EUR', undefined], ['1 200,00', 'EUR', undefined], ['', 'EUR', undefined], ['12', 'EURO', undefined], ['12', 'ZZZ', undefined],
    ] as const) expect(minor(typed, currency), `${typed} ${currency}`).toBe(amount)
  })

  it('comes back as it was read, tiers in their order', () => {
    const prices = [
      { currency: 'EUR', period: 'monthly' as const, tiers: [{ from: 1, amount: 1205 }, { from: 25, amount: 1000 }] },
      { currency: 'GBP', period: 'yearly' as const, tiers: [{ from: 1, amount: 99 }] },
      { currency: 'HUF', period: 'yearly' as const, tiers: [{ from: 1, amount: 499_000 }] },
    ]
    const rows = rowsOf(prices, true)
    expect(rows[0]).toEqual({ currency: 'EUR', period: 'monthly', from: '1', price: '12,05' })
    expect(rows.at(-1)).toMatchObject({ currency: 'HUF', price: '4990,00' })
    expect(rows.every(good)).toBe(true)
    expect(pricesOf([...rows].reverse()).find(({ currency }) => currency === 'EUR')).toEqual(prices[0])
  })
})
