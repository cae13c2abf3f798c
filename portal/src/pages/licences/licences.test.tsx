import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Licences from '.'

const account = `/v1/accounts/${accountId}`
const product = { id: 'phone', name: 'Telephony' }
const base = { product, contractId: 'ctr_1', contractName: 'Paris', features: [] }
const held = { ...base, user: { id: 'usr_1', name: 'Ada', extension: '200' }, costCenter: { id: 'cc_1', name: 'Sales' }, addedAt: '2026-11-20T10:00:00Z', state: 'assigned', count: 1, actions: ['unassign', 'move'] }
const free = { ...base, state: 'available', count: 15, actions: ['assign'] }
const answers: Answers = {
  [`GET ${account}/seats`]: () => ({ body: { items: [held, free] } }),
  [`GET ${account}/usage`]: () => ({ body: { items: [], banners: [] } }),
  [`GET ${account}/cost-centers`]: () => ({ body: { items: [{ id: 'cc_2', name: 'Support', state: 'active', pools: 0 }] } }),
}

describe('licences', () => {
  it('show who has them, or how many are available', async () => {
    answering(answers)
    show(<Licences />, { language: 'fr' })
    const row = (await screen.findByText('Ada')).closest('tr')!
    expect(row.textContent).toContain('Telephony')
    expect(row.textContent).toContain('200')
    expect(row.textContent).toContain('Sales')
    expect(screen.getByText('15 disponibles')).toBeTruthy()
    expect(screen.getByText('Désattribuer')).toBeTruthy()
  })

  it('are filtered by cost centers and state, by the server', async () => {
    const sent = answering(answers)
    show(<Licences />)
    await screen.findByText('Ada')
    await userEvent.click(screen.getByRole('button', { name: /^Cost centers/ }))
    await userEvent.click(await screen.findByRole('option', { name: 'Support' }))
    await userEvent.click(await screen.findByRole('option', { name: 'No cost center' }))
    await waitFor(() => expect(sent.some(({ query }) => query.get('costCenterId') === 'cc_2,none')).toBe(true))
    await userEvent.click(screen.getByRole('button', { name: 'Available' }))
    await waitFor(() => expect(sent.some(({ query }) => query.get('state') === 'available' && query.get('costCenterId') === 'cc_2,none')).toBe(true))
  })

  it('say before one is unassigned that it stays in stock', async () => {
    answering(answers)
    show(<Licences />)
    await userEvent.click(await screen.findByText('Unassign'))
    expect(within(screen.getByRole('dialog')).getByText(/The licence is not deleted: it stays in stock under the cost center Sales/)).toBeTruthy()
  })

  it('move to another cost center', async () => {
    const sent = answering({ ...answers, [`PATCH ${account}/contracts/ctr_1/lines/phone/seats/usr_1`]: () => ({ body: {} }) })
    show(<Licences />)
    await userEvent.click(await screen.findByText('Move'))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: /New cost center/ }))
    await userEvent.click(await screen.findByRole('option', { name: 'Support' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Move' }))
    expect(await screen.findByText('The licence Telephony of Ada is now under: Support.')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'PATCH')!.body).toEqual({ costCenterId: 'cc_2' })
  })
})
