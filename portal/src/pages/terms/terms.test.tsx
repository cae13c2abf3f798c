import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { ContractDetailOutput } from '../../api/client'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Terms from '.'

const path = `/v1/accounts/${accountId}/contracts/ctr_1`
const contract = (limit: number, purchased = 4): ContractDetailOutput => ({
  id: 'ctr_1',
  name: 'Lyon',
  crmId: '800Lyon',
  startDate: '2026-01-01',
  expiryDate: '2027-01-01',
  status: 'active',
  systems: { purchased, mapped: 2, state: 'ok' },
  alertDays: [90, 60, 30, 7],
  termsRev: 1,
  lines: [{ product: { id: 'phone', name: 'Telephony' }, usage: { limit, used: 8, available: limit - 8, percent: 80, state: 'warning' }, pools: [] }],
})

/** The API of a contract whose terms somebody else sets, once, while the form is open. */
function contested(theirs: ContractDetailOutput): { answers: Answers } {
  let reads = 0
  return {
    answers: {
      [`GET ${path}`]: () => (reads++ === 0 ? { body: contract(10), headers: { ETag: '"1"' } } : { body: theirs, headers: { ETag: '"2"' } }),
      [`PATCH ${path}/terms`]: ({ headers, body }) => {
        if (headers.get('If-Match') !== '"2"') return refusal(412, 'stale', 'Somebody else changed it.')
        const limit = (body as { limits?: { limit: number }[] }).limits?.[0]?.limit
        return { body: contract(limit ?? 11, theirs.systems.purchased), headers: { ETag: '"3"' } }
      },
    },
  }
}

const open = (language: 'en' | 'fr' = 'en') => show(<Terms />, { language, permissions: ['view', 'manage_terms'], route: '/terms/:contractId', path: '/terms/ctr_1' })

async function limit(value: string) {
  const input = await screen.findByRole('spinbutton', { name: 'Limit of Telephony' })
  await userEvent.clear(input)
  await userEvent.type(input, value)
}

describe('the terms of a contract', () => {
  it('are sent with the revision that was read, and only what was changed', async () => {
    const sent = answering({
      [`GET ${path}`]: () => ({ body: contract(10), headers: { ETag: '"1"' } }),
      [`PATCH ${path}/terms`]: () => ({ body: contract(12), headers: { ETag: '"2"' } }),
    })
    open()
    await limit('12')
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText(/The terms of Lyon are saved/)
    const request = sent.find(({ method }) => method === 'PATCH')!
    expect(request.headers.get('If-Match')).toBe('"1"')
    expect(request.body).toEqual({ limits: [{ productId: 'phone', limit: 12 }] })
  })

  it('have days as all days are written, and take them as the field says', async () => {
    const sent = answering({
      [`GET ${path}`]: () => ({ body: contract(10), headers: { ETag: '"1"' } }),
      [`PATCH ${path}/terms`]: () => ({ body: contract(10), headers: { ETag: '"2"' } }),
    })
    const shown = open('fr')
    expect((await screen.findByRole<HTMLInputElement>('textbox', { name: /Date de début|Début/ })).value).toBe('1 janvier 2026')
    shown.unmount()
    open()
    const day = await screen.findByRole<HTMLInputElement>('textbox', { name: /^Expiry/ })
    expect(day.value).toBe('1 January 2027')
    await userEvent.click(day)
    expect(day.value).toBe('2027-01-01')
    await userEvent.clear(day)
    await userEvent.type(day, '2027-03-31')
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText(/The terms of Lyon are saved/)
    expect(sent.find(({ method }) => method === 'PATCH')!.body).toEqual({ expiryDate: '2027-03-31' })
  })

  it('that both changed are a choice: mine', async () => {
    const sent = answering(contested(contract(11)).answers)
    open()
    await limit('12')
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText('Somebody else changed the same values')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save the terms' }).disabled).toBe(true)
    await userEvent.click(screen.getByRole('button', { name: 'Mine: 12' }))
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText(/The terms of Lyon are saved/)
    expect(sent.filter(({ method }) => method === 'PATCH')[1]!.body).toEqual({ limits: [{ productId: 'phone', limit: 12 }] })
  })

  it('that both changed are a choice: theirs, and then there is nothing to save', async () => {
    const sent = answering(contested(contract(11)).answers)
    open('fr')
    const input = await screen.findByRole('spinbutton', { name: 'Limite de Telephony' })
    await userEvent.clear(input)
    await userEvent.type(input, '12')
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer les conditions' }))
    await userEvent.click(await screen.findByRole('button', { name: 'La leur\u00a0: 11' }))
    await waitFor(() => expect((input as HTMLInputElement).value).toBe('11'))
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Enregistrer les conditions' }).disabled).toBe(true)
    expect(sent.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  })

  it('that somebody else changed elsewhere are taken, and what was typed is kept', async () => {
    answering(contested(contract(10, 6)).answers)
    open()
    await limit('12')
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText('Somebody else changed these terms meanwhile')
    expect(screen.getByRole<HTMLInputElement>('spinbutton', { name: /Systems purchased/ }).value).toBe('6')
    expect(screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Limit of Telephony' }).value).toBe('12')
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText(/The terms of Lyon are saved/)
  })

  it('are refused in words, with what was typed still there', async () => {
    answering({
      [`GET ${path}`]: () => ({ body: contract(10), headers: { ETag: '"1"' } }),
      [`PATCH ${path}/terms`]: () => refusal(422, 'invalid', 'The expiry lies before the start.'),
    })
    open()
    await limit('7')
    expect(screen.getByText(/nobody loses a seat/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Save the terms' }))
    await screen.findByText('The expiry lies before the start.')
    expect(screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Limit of Telephony' }).value).toBe('7')
  })
})
