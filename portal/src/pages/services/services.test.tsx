import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { RemovalReviewWire, RemovalService } from '../../api/client'
import type { Account } from '../../app/account'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Services from '.'

const base = `/v1/accounts/${accountId}`
const service: RemovalService = {
  contractId: 'ctr_1', contractName: 'Telephony, London', status: 'active', product: { id: 'telephony', name: 'Telephony' }, quantity: 20, assigned: 8, free: 9, removable: 9,
  removableByCostCenter: [{ quantity: 5 }, { costCenterId: 'cc_1', costCenterName: 'Sales', quantity: 4 }],
  pendingRemoval: 3, pendingRemovals: [{ removalId: 'rem_1', quantity: 3, effectiveDate: '2026-12-01', period: 'monthly' }],
  billed: [{
    period: 'monthly', quantity: 20, removable: 9, removableByCostCenter: [{ quantity: 5 }, { costCenterId: 'cc_1', costCenterName: 'Sales', quantity: 4 }],
    nextBillingDate: '2026-12-01', unitPrice: { amount: 1000, currency: 'EUR' }, recurring: { amount: 20000, currency: 'EUR' },
  }],
}
const review: RemovalReviewWire = {
  confirmed: false, contractId: 'ctr_1', contractName: 'Telephony, London', product: service.product, quantity: 3, quantities: [{ quantity: 1 }, { costCenterId: 'cc_1', costCenterName: 'Sales', quantity: 2 }],
  effectiveDate: '2026-12-01', period: 'monthly', unitPrice: { amount: 1000, currency: 'EUR' }, saves: { amount: 3000, currency: 'EUR' }, usage: { state: 'ok', available: 6, used: 8, limit: 14 }, pendingRemoval: 6,
}
const list: Answers = { [`GET ${base}/services`]: () => ({ body: { items: [service] } }), [`GET ${base}/usage`]: () => ({ body: { items: [] } }) }

describe('services', () => {
  it('show what is assigned, free, can be removed and waits, and the next billing date', async () => {
    answering(list)
    show(<Services />, { language: 'fr' })
    const row = (await screen.findByText('Telephony, London')).closest('tr')!
    expect(within(row).getAllByRole('cell').slice(0, 4).map((cell) => cell.textContent)).toEqual(['20', '8', '9', '9Retirer'])
    expect(row.textContent).toContain('3 à partir du 1 déc. 2026')
    expect(row.textContent?.replaceAll(/\s/g, ' ')).toContain('200,00 € par mois')
  })

  it('are removed by cost center, after a review that says what it saves from when; a lost answer is asked for again with the same key', async () => {
    let lost = true
    const sent = answering({
      ...list,
      [`POST ${base}/removals`]: ({ body }) => {
        if (!(body as { confirm?: boolean }).confirm) return { body: review }
        if (lost) {
          lost = false
          throw new TypeError('network')
        }
        return { body: { ...review, confirmed: true, removalId: 'rem_2' } }
      },
    })
    show(<Services />)
    await userEvent.click(await screen.findByRole('button', { name: /^Remove licences of Telephony/ }))
    const look = () => within(screen.getByRole('dialog')).getByRole('button', { name: 'Review' })
    await userEvent.type(screen.getByRole('spinbutton', { name: /No cost center/ }), '6')
    expect(await screen.findByText('No more than 5 can be removed here.')).toBeTruthy()
    await userEvent.clear(screen.getByRole('spinbutton', { name: /No cost center/ }))
    await userEvent.type(screen.getByRole('spinbutton', { name: /No cost center/ }), '1')
    await userEvent.type(screen.getByRole('spinbutton', { name: /Sales/ }), '2')
    await userEvent.click(look())
    const remove = await screen.findByRole('button', { name: 'Remove 3 licences' })
    const dialog = screen.getByRole('dialog')
    expect(dialog.textContent).toContain('1 Dec 2026')
    expect(dialog.textContent).toContain('€30.00 a month')
    await userEvent.click(remove)
    expect(await within(dialog).findByText('No answer')).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove 3 licences' }))
    expect(await screen.findByText('3 licences of Telephony out of stock on Telephony, London.')).toBeTruthy()
    const confirmed = sent.filter(({ method, body }) => method === 'POST' && (body as { confirm?: boolean }).confirm)
    expect(confirmed.map(({ body }) => body)).toEqual(Array(2).fill({ contractId: 'ctr_1', productId: 'telephony', period: 'monthly', quantities: [{ quantity: 1 }, { costCenterId: 'cc_1', quantity: 2 }], confirm: true }))
    const keys = confirmed.map(({ headers }) => headers.get('Idempotency-Key'))
    expect(keys[0]).toBeTruthy()
    expect(keys[0]).toBe(keys[1])
  })

  it('ask what the licences are billed by where there are both kinds, and only there', async () => {
    const [monthly] = service.billed
    const both: RemovalService = {
      ...service, removable: 9,
      billed: [{ ...monthly!, quantity: 5, removable: 2, removableByCostCenter: [{ quantity: 2 }, { costCenterId: 'cc_1', costCenterName: 'Sales', quantity: 2 }] }, { period: 'yearly', quantity: 15, removable: 7, removableByCostCenter: [{ quantity: 5 }], nextBillingDate: '2027-01-01' }],
    }
    const sent = answering({ ...list, [`GET ${base}/services`]: () => ({ body: { items: [both] } }), [`POST ${base}/removals`]: () => ({ body: review }) })
    show(<Services />)
    const row = (await screen.findByText('Telephony, London')).closest('tr')!
    expect(row.textContent).toContain('5 by the month')
    expect(row.textContent).toContain('15 until the contract’s end')
    expect(row.textContent).toContain('1 Jan 2027')
    await userEvent.click(await screen.findByRole('button', { name: /^Remove licences of Telephony/ }))
    await userEvent.type(screen.getByRole('spinbutton', { name: /No cost center/ }), '2')
    expect(within(screen.getByRole('dialog')).getByRole('button', { name: 'Review' }).getAttribute('aria-disabled') ?? within(screen.getByRole('dialog')).getByRole<HTMLButtonElement>('button', { name: 'Review' }).disabled).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: /^Billed by/ }))
    await userEvent.click(await screen.findByRole('option', { name: /By the month/ }))
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Review' }))
    await screen.findByText(/^Step 2 of 2/)
    expect(sent.filter(({ method }) => method === 'POST').map(({ body }) => (body as { period?: string }).period)).toEqual(['monthly'])
  })

  it('keep what was typed when others were faster', async () => {
    answering({ ...list, [`POST ${base}/removals`]: () => refusal(409, 'not_removable', 'Only 2 can be removed.') })
    show(<Services />)
    await userEvent.click(await screen.findByRole('button', { name: /^Remove licences of Telephony/ }))
    await userEvent.type(screen.getByRole('spinbutton', { name: /Sales/ }), '4')
    await userEvent.click(screen.getByRole('button', { name: 'Review' }))
    expect(await screen.findByText('Only 2 can be removed.')).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('spinbutton', { name: /Sales/ }).value).toBe('4')
  })

  it('take a removal back', async () => {
    const sent = answering({ ...list, [`DELETE ${base}/removals/rem_1`]: () => ({ status: 204 }) })
    show(<Services />)
    await userEvent.click(await screen.findByRole('button', { name: /^Withdraw the removal of 3/ }))
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Withdraw' }))
    expect(await screen.findByText('3 licences of Telephony back in stock.')).toBeTruthy()
    await waitFor(() => expect(sent.filter(({ path }) => path.endsWith('/services')).length).toBe(2))
  })

  it('say whom to ask where the reader may not remove, and where a partner does', async () => {
    answering(list)
    const shown = show(<Services />, { permissions: ['view', 'send_requests'] })
    await screen.findByText('Telephony, London')
    expect(screen.queryByRole('button', { name: /Remove|Withdraw/ })).toBeNull()
    expect(screen.getByText('You may look, not remove')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Ask for a change of Telephony' }).getAttribute('href')).toBe(`/accounts/${accountId}/requests?product=telephony&contract=ctr_1`)
    shown.unmount()
    // The settings are older than the partner: the list itself says who manages the account.
    const managed = { ...service, removable: 0, removableByCostCenter: [], reason: 'partner_managed' as const, detail: 'A partner manages what this account buys.' }
    answering({ ...list, [`GET ${base}/services`]: () => ({ body: { items: [managed], contact: { name: 'Pat', email: 'pat@atlantic.example' } } }) })
    show(<Services />, { permissions: ['view', 'manage_licences', 'send_requests'] })
    await screen.findByText('Telephony, London')
    expect(screen.queryByRole('button', { name: /Remove|Withdraw/ })).toBeNull()
    expect(screen.getByText('Your partner manages this account')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'pat@atlantic.example' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Ask for a change of Telephony' })).toBeTruthy()
  })

  it('offer nothing of an account with a partner while the list is on its way', async () => {
    answering({ ...list, [`GET ${base}/services`]: () => new Promise<never>(() => {}) })
    const settings = { id: accountId, partner: { id: 'ptn_1', name: 'Atlantic', contact: { name: 'Pat', email: 'pat@atlantic.example' } } } as unknown as Account['settings']
    show(<Services />, { account: { settings } })
    expect(await screen.findByRole('link', { name: 'pat@atlantic.example' })).toBeTruthy()
  })
})
