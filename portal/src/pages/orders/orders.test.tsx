import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Order as OrderWire, OrderSummary } from '../../api/client'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Order from '../order'
import Orders from '.'

const inside = `/v1/accounts/${accountId}`
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const buyer = { id: 'usr_1', name: 'Adèle Martin' }
const summary: OrderSummary = { id: 'ord_1', status: 'placed', placedAt: '2026-11-21T09:00:00Z', buyer, productIds: ['phone', 'gone'], productNames: ['Telephony', 'Fax'], seats: 10, net: eur(4000), tax: eur(800), gross: eur(4800), invoiceId: 'inv_1' }
const party = { legalName: 'Ateliers SAS', street: '1 rue', postalCode: '75012', city: 'Paris', country: 'FR', taxNumber: 'FR11999999998' }
const order: OrderWire = {
  id: 'ord_1', status: 'placed', placedAt: summary.placedAt, buyer, quoteId: 'quo_1', invoiceId: 'inv_1', currency: 'EUR', billTo: party, seller: { ...party, legalName: 'Vendeur SAS' },
  totals: { net: eur(4000), tax: eur(0), gross: eur(4000), taxes: [{ base: eur(4000), amount: eur(0), basisPoints: 0, reason: 'reverse_charge' }] },
  recurring: [{ period: 'monthly', nextBillingDate: '2026-12-01', net: eur(12000), tax: eur(0), gross: eur(12000) }],
  rows: [
    {
      productId: 'phone', productName: { en: 'Telephony', fr: 'Téléphonie' }, contractId: 'ctr_1', contractName: 'Lyon', newLine: true, period: 'monthly', quantity: 10, reinstated: 2, unitPrice: eur(1200),
      days: 10, periodDays: 30, from: '2026-11-21', until: '2026-12-01', nextBillingDate: '2026-12-01', net: eur(4000), recurring: eur(12000), taxCategory: 'standard', taxBasisPoints: 0, taxReason: 'reverse_charge',
      split: [{ quantity: 4, net: eur(1600), costCenterId: 'cc_1', costCenterName: 'Sales' }, { quantity: 6, net: eur(2400) }],
    },
  ],
}
const world: Answers = {
  [`GET ${inside}/orders`]: ({ query }) => ({ body: { items: query.get('status') === 'awaiting_payment' ? [] : [summary] } }),
  [`GET ${inside}/orders/ord_1`]: () => ({ body: order }),
}

describe('orders', () => {
  it('are listed with what was bought by its name, and narrowed by the server', async () => {
    answering(world)
    show(<Orders />)
    const row = (await screen.findByText('Telephony and Fax', undefined, { timeout: 10_000 })).closest('tr')!
    expect(row.textContent).toContain('€48.00')
    expect(row.querySelector('a')?.getAttribute('href')).toBe(`/accounts/${accountId}/orders/ord_1`)
    await userEvent.click(screen.getByRole('button', { name: 'Awaiting payment' }))
    expect(await screen.findByText('Nothing matches')).toBeTruthy()
  })

  it('say that there are none, and where to buy', async () => {
    answering({ ...world, [`GET ${inside}/orders`]: () => ({ body: { items: [] } }) })
    show(<Orders />, { language: 'fr' })
    expect(await screen.findByText('Aucune commande')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Ouvrir le catalogue' })).toBeTruthy()
  })
})

describe('an order', () => {
  it('is shown as it was placed: days, shares, taxes, parties', async () => {
    answering(world)
    show(<Order />, { path: '/orders/ord_1', route: '/orders/:orderId', language: 'fr' })
    expect(await screen.findByText('Téléphonie')).toBeTruthy()
    expect(screen.getByText('10 jours sur 30')).toBeTruthy()
    expect(screen.getByText('du 21 nov. 2026 au 30 nov. 2026')).toBeTruthy()
    expect(screen.getByText(/^Sales : 4 sièges/)).toBeTruthy()
    expect(screen.getByText('TVA (autoliquidation)')).toBeTruthy()
    expect(screen.getByText('Vendeur SAS')).toBeTruthy()
  })

  it('says why its statement could not be made', async () => {
    const sent = answering({ ...world, [`GET ${inside}/orders/ord_1/statement`]: () => refusal(503, 'busy', 'Try again in a moment.') })
    show(<Order />, { path: '/orders/ord_1', route: '/orders/:orderId' })
    await userEvent.click(await screen.findByRole('button', { name: 'PDF' }))
    expect(await screen.findByText('Try again in a moment.')).toBeTruthy()
    await waitFor(() => expect(sent.at(-1)!.headers.get('Accept')).toBe('application/pdf'))
  })
})
