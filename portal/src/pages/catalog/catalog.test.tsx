import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { CatalogOffered, OrderCartWire } from '../../api/client'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Catalog from '.'

const inside = `/v1/accounts/${accountId}`
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const offer = (productId: string, name: string, more: Partial<CatalogOffered> = {}): CatalogOffered => ({
  productId,
  name,
  kind: 'product',
  version: 1,
  dependsOn: [], features: [],
  excludes: [],
  currency: 'EUR',
  buyable: true,
  prices: [
    { period: 'monthly', tiers: [{ from: 1, amount: 1200 }, { from: 25, amount: 1080 }] },
    { period: 'yearly', tiers: [{ from: 1, amount: 12000 }] },
  ],
  ...more,
})
const phone = offer('phone', 'Telephony')
const premium = offer('premium', 'Premium', { buyable: false, reason: 'edition_excludes', detail: 'Premium is not for the edition standard.' })
const none: OrderCartWire = { items: [], currency: 'EUR', totals: { net: eur(0), tax: eur(0), gross: eur(0), taxes: [] }, recurring: [] }
const cartOf = (quantity: number): OrderCartWire => ({
  items: [{ product: { id: 'phone', name: 'Telephony' }, contractId: 'ctr_1', contractName: 'Lyon', period: 'monthly', quantity }],
  currency: 'EUR',
  totals: { net: eur(4000), tax: eur(800), gross: eur(4800), taxes: [{ base: eur(4000), amount: eur(800), basisPoints: 2000, reason: 'standard' }] },
  recurring: [{ period: 'monthly', nextBillingDate: '2026-12-01', net: eur(12000), tax: eur(2400), gross: eur(14400) }],
})
const shop: Answers = { [`GET ${inside}/catalog`]: () => ({ body: { items: [phone, premium] } }), [`GET ${inside}/cart`]: () => ({ body: none }) }

describe('the catalog', () => {
  it('shows prices by tier and period, and why not where something may not be bought', async () => {
    answering(shop)
    show(<Catalog />)
    const tile = (await screen.findByText('Telephony')).closest('li')!
    expect(tile.textContent).toContain('from 1 seat€12.00from 25 seats€10.80')
    expect(tile.textContent).toContain('€120.00')
    expect(screen.getByText('Premium is not for the edition standard.')).toBeTruthy()
    expect(await screen.findByRole('button', { name: 'Add Telephony to the cart' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Add Premium to the cart' })).toBeNull()
  })

  it('puts seats into the cart, asks for the contract where several could take them, and shows what it costs', async () => {
    const sent = answering({
      ...shop,
      [`PUT ${inside}/cart/items/phone`]: ({ body }) => ((body as { contractId?: string }).contractId ? { body: cartOf(10) } : refusal(422, 'contract_needed', 'Several.', { contracts: [{ id: 'ctr_1', name: 'Lyon' }, { id: 'ctr_2', name: 'Paris' }] })),
    })
    show(<Catalog />)
    const add = await screen.findByRole('button', { name: 'Add Telephony to the cart' })
    const quantity = screen.getByRole('spinbutton', { name: 'How many seats of Telephony' })
    await userEvent.clear(quantity)
    await userEvent.type(quantity, '10')
    await userEvent.click(add)
    await userEvent.click(await screen.findByRole('button', { name: /Contract for Telephony/ }))
    await userEvent.click(await screen.findByRole('option', { name: /Lyon/ }))
    await userEvent.click(add)
    const side = within(screen.getByRole('complementary', { name: 'Cart' }))
    expect(await side.findByText('€48.00')).toBeTruthy()
    expect(side.getByText('Each month from 1 Dec 2026 on, with tax')).toBeTruthy()
    expect(screen.getByText('10 seats are in your cart')).toBeTruthy()
    expect(sent.at(-1)!.body).toEqual({ quantity: 10, period: 'monthly', contractId: 'ctr_1' })
  })

  it('leads who may not buy to a request for the very product', async () => {
    answering({ [`GET ${inside}/catalog`]: () => ({ body: { items: [phone] } }) })
    show(<Catalog />, { permissions: ['view', 'send_requests'] })
    const ask = await screen.findByRole('link', { name: 'Ask for seats of Telephony' })
    expect(ask.getAttribute('href')).toBe(`/accounts/${accountId}/requests?product=phone`)
  })

  it('changes quantities in the cart, takes products out, and says what a change was refused for', async () => {
    let fails = true
    const sent = answering({
      ...shop,
      [`GET ${inside}/cart`]: () => ({ body: cartOf(10) }),
      [`PUT ${inside}/cart/items/phone`]: () => (fails ? refusal(503, 'busy', 'Try again in a moment.') : { body: cartOf(12) }),
      [`DELETE ${inside}/cart/items/phone`]: () => ({ body: none }),
    })
    show(<Catalog />)
    const seats = await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
    await userEvent.clear(seats)
    await userEvent.type(seats, '12{Enter}')
    expect(await screen.findByText('Try again in a moment.')).toBeTruthy()
    fails = false
    await userEvent.type(seats, '{Enter}')
    expect(await screen.findByText('12 seats are in your cart')).toBeTruthy()
    expect(sent.filter(({ method }) => method === 'PUT').map(({ body }) => body)).toEqual([{ quantity: 12 }, { quantity: 12 }])
    await userEvent.click(screen.getByRole('button', { name: 'Take Telephony out of the cart' }))
    expect(await screen.findByText(/Nothing is in your cart/)).toBeTruthy()
  })

  it('says whom to ask where a partner orders, and asks for no cart', async () => {
    const sent = answering({ [`GET ${inside}/catalog`]: () => ({ body: { items: [offer('phone', 'Telephony', { buyable: false, reason: 'partner_managed' })], contact: { name: 'Atlantique', email: 'contact@a.example' } } }) })
    show(<Catalog />, { permissions: ['view', 'manage_licences', 'send_requests'] })
    expect(await screen.findByText('Your partner orders for you')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'contact@a.example' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Send a request' }).getAttribute('href')).toBe(`/accounts/${accountId}/requests`)
    expect(screen.queryByRole('button', { name: /to the cart/ })).toBeNull()
    expect(sent.some(({ path }) => path.endsWith('/cart'))).toBe(false)
  })

  it('is in French, and offers nothing to buy to who may only look', async () => {
    answering(shop)
    show(<Catalog />, { permissions: ['view'], language: 'fr' })
    expect(await screen.findByRole('heading', { name: 'Catalogue' })).toBeTruthy()
    expect(screen.getByRole('link', { name: 'rachel@vendor.example' })).toBeTruthy()
    expect(screen.queryByRole('complementary')).toBeNull()
  })
})
