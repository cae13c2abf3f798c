import { describe, expect, it } from 'vitest'
import { bodyOf, left, merge, wrongFields } from './draft'

const base = { startDate: '2026-01-01', expiryDate: '2027-01-01', systemsPurchased: '4', alertDays: '90, 60, 30, 7', 'limit:phone': '10', 'limit:fax': '' }

describe('the terms that are sent', () => {
  it('are what was changed and nothing else', () => {
    expect(bodyOf(base, { ...base, 'limit:phone': '12', alertDays: '60,90, 7;30' })).toEqual({ limits: [{ productId: 'phone', limit: 12 }] })
    expect(bodyOf(base, { ...base, expiryDate: '2027-02-01', systemsPurchased: '5', alertDays: '30' })).toEqual({ expiryDate: '2027-02-01', systemsPurchased: 5, alertDays: [30] })
  })

  it('give a limit back to the CRM as null', () => {
    expect(bodyOf(base, { ...base, 'limit:phone': left })).toEqual({ limits: [{ productId: 'phone', limit: null }] })
  })

  it('are not sent with a limit that is no number, while one that was never set may stay so', () => {
    expect(wrongFields(base, { ...base, 'limit:phone': '1.5' })).toEqual(['limit:phone'])
    expect(wrongFields(base, { ...base, 'limit:phone': '' })).toEqual(['limit:phone'])
    expect(wrongFields(base, base)).toEqual([])
  })
})

describe('terms that somebody else changed meanwhile', () => {
  it('take what they alone changed and keep what the reader alone changed', () => {
    const { draft, clashes, taken } = merge(base, { ...base, 'limit:phone': '12' }, { ...base, systemsPurchased: '6' })
    expect(draft).toEqual({ ...base, 'limit:phone': '12', systemsPurchased: '6' })
    expect(clashes).toEqual([])
    expect(taken).toEqual(['systemsPurchased'])
  })

  it('are the reader’s to choose where both changed them to something else', () => {
    expect(merge(base, { ...base, 'limit:phone': '12' }, { ...base, 'limit:phone': '11' }).clashes).toEqual([{ field: 'limit:phone', mine: '12', theirs: '11' }])
    expect(merge(base, { ...base, 'limit:phone': '12' }, { ...base, 'limit:phone': '12' }).clashes).toEqual([])
  })
})
