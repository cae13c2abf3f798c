import type { ChangeContractTermsBody, ContractDetailOutput } from '../../api/client'

/** The terms of a contract as a form has them: one text for each field. `limit:<product>` is the limit of a line. */
export type Draft = Record<string, string>

/** A limit that is left to what the CRM and orders say. */
export const left = 'left'

export const limitField = (productId: string): string => `limit:${productId}`
const productOf = (field: string) => field.slice('limit:'.length)

export function draftOf(contract: ContractDetailOutput): Draft {
  const draft: Draft = {
    startDate: contract.startDate ?? '',
    expiryDate: contract.expiryDate,
    systemsPurchased: String(contract.systems.purchased),
    alertDays: contract.alertDays.join(', '),
  }
  for (const { product, usage } of contract.lines) draft[limitField(product.id)] = usage.limit === undefined ? '' : String(usage.limit)
  return draft
}

const numbers = (text: string) => text.split(/[\s,;]+/).filter(Boolean).map(Number)
const whole = (text: string) => /^\d+$/.test(text.trim())

/** The fields that cannot be sent as they are. */
export function wrongFields(base: Draft, draft: Draft): string[] {
  return changedFields(base, draft).filter((field) => {
    const value = draft[field] ?? ''
    if (field === 'startDate' || field === 'expiryDate') return !/^\d{4}-\d{2}-\d{2}$/.test(value)
    if (field === 'alertDays') return !numbers(value).every((day) => Number.isInteger(day) && day > 0)
    return value !== left && !whole(value)
  })
}

export const changedFields = (base: Draft, draft: Draft): string[] => Object.keys(draft).filter((field) => !same(field, draft[field], base[field]))

// The same days in another order, or parted by something else, are the same.
const same = (field: string, one = '', other = '') => (field === 'alertDays' ? String(numbers(one).sort()) === String(numbers(other).sort()) : one.trim() === other.trim())

/** What is sent: what differs from what was read, and nothing else. */
export function bodyOf(base: Draft, draft: Draft): ChangeContractTermsBody {
  const body: ChangeContractTermsBody = {}
  for (const field of changedFields(base, draft)) {
    const value = draft[field] ?? ''
    if (field === 'startDate' || field === 'expiryDate') body[field] = value
    else if (field === 'systemsPurchased') body.systemsPurchased = Number(value)
    else if (field === 'alertDays') body.alertDays = numbers(value)
    else body.limits = [...(body.limits ?? []), { productId: productOf(field), limit: value === left ? null : Number(value) }]
  }
  return body
}

/** One field that both changed, each to something else. */
export type Clash = { field: string; mine: string; theirs: string }

/**
 * What is to be done when somebody else changed the terms meanwhile: what they alone changed is taken, what the reader alone changed
 * is kept, and what both changed is the reader's to choose.
 */
export function merge(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; clashes: Clash[]; taken: string[] } {
  const own = changedFields(base, mine)
  const others = changedFields(base, theirs)
  const draft = { ...theirs }
  for (const field of own) if (field in theirs) draft[field] = mine[field] ?? ''
  const clashes = own.filter((field) => others.includes(field) && !same(field, mine[field], theirs[field])).map((field) => ({ field, mine: mine[field] ?? '', theirs: theirs[field] ?? '' }))
  return { draft, clashes, taken: others.filter((field) => !own.includes(field)) }
}
