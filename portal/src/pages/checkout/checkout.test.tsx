import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { OrderCartWire, OrderQuote } from '../../api/client'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import { quoteBody, whole } from './carriers'
import Checkout from '.'

const inside = `/v1/accounts/${accountId}`
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const cart: OrderCartWire = {
  items: [{ product: { id: 'phone', name: 'Telephony' }, contractId: 'ctr_1', contractName: 'Lyon', period: 'monthly', quantity: 10 }],
  currency: 'EUR',
  totals: { net: eur(4000), tax: eur(800), gross: eur(4800), taxes: [] },
  recurring: [],
}
const party = { legalName: 'Ateliers SAS', street: '1 rue', postalCode: '75012', city: 'Paris', country: 'FR' }
const quoteOf = (id: string, gross: number): OrderQuote => ({
  id,
  madeAt: '2026-11-21T09:00:00Z',
  expiresAt: '2026-11-21T09:30:00Z',
  currency: 'EUR',
  billTo: party,
  seller: { ...party, legalName: 'Vendeur SAS' },
  totals: { net: eur(gross - 800), tax: eur(800), gross: eur(gross), taxes: [{ base: eur(gross - 800), amount: eur(800), basisPoints: 2000, reason: 'standard' }] },
  recurring: [{ period: 'monthly', nextBillingDate: '2026-12-01', net: eur(12000), tax: eur(2400), gross: eur(14400) }],
  rows: [
    {
      productId: 'phone', productName: { en: 'Telephony', fr: 'Téléphonie' }, contractId: 'ctr_1', contractName: 'Lyon', newLine: false, period: 'monthly', quantity: 10, reinstated: 0,
      unitPrice: eur(1200), days: 10, periodDays: 30, from: '2026-11-21', until: '2026-12-01', nextBillingDate: '2026-12-01', net: eur(gross - 800), recurring: eur(12000),
      taxCategory: 'standard', taxBasisPoints: 2000, taxReason: 'standard', split: [{ quantity: 10, net: eur(gross - 800) }],
    },
  ],
})
const world: Answers = {
  [`GET ${inside}/cart`]: () => ({ body: cart }),
  [`GET ${inside}/cost-centers`]: () => ({ body: { items: [{ id: 'cc_1', name: 'Sales', pools: 1, state: 'active' }] } }),
  [`POST ${inside}/cart/quote`]: () => ({ status: 201, body: quoteOf('quo_1', 4800) }),
}
const next = () => userEvent.click(screen.getByRole('button', { name: 'Next' }))
const submit = () => userEvent.click(screen.getByRole('button', { name: 'Place the order' }))
const box = () => screen.findByRole('checkbox', { name: /I have read the charges/ })

async function confirming() {
  show(<Checkout />, { path: '/checkout', route: '/checkout' })
  await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
  await next()
  await screen.findByRole('button', { name: 'Assign to all' })
  await next()
  await box()
}

describe('the checkout', () => {
  it('shares the seats of a row out among cost centers, when they sum to it, and shows the price with its days', async () => {
    const sent = answering(world)
    show(<Checkout />)
    await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
    await next()
    await userEvent.click(await screen.findByRole('button', { name: 'Split Telephony' }))
    const dialog = within(screen.getByRole('dialog'))
    const take = dialog.getByRole('button', { name: 'Split' })
    const [first, second] = dialog.getAllByRole('spinbutton')
    await userEvent.clear(first!)
    await userEvent.type(first!, '4')
    await userEvent.type(second!, '5')
    await userEvent.click(dialog.getByRole('button', { name: /^Cost center 2/ }))
    await userEvent.click(await screen.findByRole('option', { name: /New cost center/ }))
    await userEvent.type(dialog.getByRole('textbox', { name: 'Cost center 2: name of the new one' }), 'Lab')
    expect(dialog.getByText('9 of 10 seats are shared out')).toBeTruthy()
    expect((take as HTMLButtonElement).disabled).toBe(true)
    await userEvent.clear(second!)
    await userEvent.type(second!, '6')
    await userEvent.click(take)
    expect(screen.getByText('Lab (new): 6 seats')).toBeTruthy()
    await next()
    await box()
    expect(sent.find(({ method }) => method === 'POST')!.body).toEqual({ rows: [{ productId: 'phone', split: [{ quantity: 4 }, { newCostCenterName: 'Lab', quantity: 6 }] }] })
    expect(screen.getByText('10 of 30 days')).toBeTruthy()
    expect(screen.getByText('21 Nov 2026 to 30 Nov 2026')).toBeTruthy()
    expect(screen.getByText('€48.00')).toBeTruthy()
    expect(screen.getByText('€144.00')).toBeTruthy()
  })

  it('orders nothing without the tick; a repeat after a lost answer has the same key', async () => {
    let lost = true
    const sent = answering({
      ...world,
      [`POST ${inside}/orders`]: () => {
        if (lost) throw new TypeError('no network')
        return { status: 201, body: { id: 'ord_1' } }
      },
    })
    await confirming()
    await submit()
    expect(await screen.findByText('Tick the box to order.')).toBeTruthy()
    expect(sent.some(({ path }) => path.endsWith('/orders'))).toBe(false)
    await userEvent.click(await box())
    await submit()
    expect(await screen.findByText(/No answer came/)).toBeTruthy()
    lost = false
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Place the order' })).toBeNull())
    const orders = sent.filter(({ path }) => path.endsWith('/orders'))
    expect(orders).toHaveLength(2)
    expect(orders[0]!.headers.get('Idempotency-Key')).toBe(orders[1]!.headers.get('Idempotency-Key'))
    expect(orders[1]!.body).toEqual({ quoteId: 'quo_1', confirmedCharges: true, currency: 'EUR' })
  })

  it.each(['quote_changed', 'quote_expired'])('shows the new price as a choice when it is refused by %s, and asks for the tick anew', async (code) => {
    const sent = answering({
      ...world,
      [`POST ${inside}/orders`]: ({ body }) => ((body as { quoteId: string }).quoteId === 'quo_2' ? { status: 201, body: { id: 'ord_1' } } : refusal(409, code, 'Changed.', { quote: quoteOf('quo_2', 6000) })),
    })
    await confirming()
    await userEvent.click(await box())
    await submit()
    expect(await screen.findByText('Due now was €48.00, and would be €60.00. Nothing was ordered.')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Go on with the new price' }))
    expect(((await box()) as HTMLInputElement).checked).toBe(false)
    await userEvent.click(await box())
    await submit()
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Place the order' })).toBeNull())
    const keys = sent.filter(({ path }) => path.endsWith('/orders')).map(({ headers }) => headers.get('Idempotency-Key'))
    expect(new Set(keys).size).toBe(2)
  })

  it('says why there is no price', async () => {
    answering({ ...world, [`POST ${inside}/cart/quote`]: () => refusal(409, 'billing_profile_missing', 'Say first who is billed.') })
    show(<Checkout />)
    await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
    await next()
    await screen.findByRole('button', { name: 'Assign to all' })
    await next()
    expect(await screen.findByText('Say first who is billed.')).toBeTruthy()
  })

  describe('whoever jumps from the first step to one that they have seen', () => {
    const review = async () => {
      await userEvent.click(screen.getByRole('button', { name: 'Back' }))
      await userEvent.click(screen.getByRole('button', { name: 'Back' }))
      await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
    }
    const jump = () => userEvent.click(screen.getAllByRole('button', { name: 'Step 3: Confirm' })[0]!)

    it('is taken to the split that does not sum to the seats any more', async () => {
      // The contract's name tells that the page has the answer.
      const of = (quantity: number) => ({ body: { ...cart, items: cart.items.map((item) => ({ ...item, quantity, contractName: `Lyon of ${quantity}` })) } })
      let kept = of(10)
      const sent = answering({ ...world, [`GET ${inside}/cart`]: () => kept, [`PUT ${inside}/cart/items/phone`]: ({ body }) => (kept = of((body as { quantity: number }).quantity)) })
      show(<Checkout />)
      await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
      await next()
      await userEvent.click(await screen.findByRole('button', { name: 'Split Telephony' }))
      const dialog = within(screen.getByRole('dialog'))
      const [first, second] = dialog.getAllByRole('spinbutton')
      await userEvent.clear(first!)
      await userEvent.type(first!, '4')
      await userEvent.type(second!, '6')
      await userEvent.click(dialog.getByRole('button', { name: /^Cost center 2/ }))
      await userEvent.click(await screen.findByRole('option', { name: /New cost center/ }))
      await userEvent.type(dialog.getByRole('textbox', { name: 'Cost center 2: name of the new one' }), 'Lab')
      await userEvent.click(dialog.getByRole('button', { name: 'Split' }))
      await next()
      await box()
      await review()
      const seats = screen.getByRole('spinbutton', { name: 'Seats of Telephony' })
      await userEvent.clear(seats)
      await userEvent.type(seats, '12')
      await userEvent.tab()
      await screen.findByText('Lyon of 12')
      await jump()
      expect(await screen.findByText(/^The parts of a row do not sum/)).toBeTruthy()
      expect(screen.getByRole('button', { name: 'Assign to all' })).toBeTruthy()
      expect(sent.filter(({ path }) => path.endsWith('/quote'))).toHaveLength(1)
    })

    it('is told why there is no price', async () => {
      let refused = false
      answering({ ...world, [`POST ${inside}/cart/quote`]: () => (refused ? refusal(409, 'billing_profile_missing', 'Say first who is billed.') : { status: 201, body: quoteOf('quo_1', 4800) }) })
      await confirming()
      await review()
      refused = true
      await jump()
      expect(await screen.findByText('Say first who is billed.')).toBeTruthy()
      expect(screen.getByRole('button', { name: 'Assign to all' })).toBeTruthy()
    })

    it('is taken back to what cannot be ordered, when that is known only once they had gone on', async () => {
      let answer = () => {}
      const slow = new Promise<void>((resolve) => (answer = resolve))
      answering({
        ...world,
        [`PUT ${inside}/cart/items/phone`]: async () => {
          await slow
          return { body: { ...cart, items: cart.items.map((item) => ({ ...item, quantity: 12 })), problem: { code: 'contract_expired', detail: 'Lyon has expired.' } } }
        },
      })
      show(<Checkout />)
      const seats = await screen.findByRole('spinbutton', { name: 'Seats of Telephony' })
      await userEvent.clear(seats)
      await userEvent.type(seats, '12')
      await next()
      await screen.findByRole('button', { name: 'Assign to all' })
      expect(screen.getByRole('cell', { name: '10' })).toBeTruthy()
      answer()
      await screen.findByRole('cell', { name: '12' })
      expect(screen.queryByText('Lyon has expired.')).toBeNull()
      await next()
      expect(await screen.findByText('Lyon has expired.')).toBeTruthy()
    })
  })

  it('leads an empty cart back to the catalog, in French', async () => {
    answering({ ...world, [`GET ${inside}/cart`]: () => ({ body: { ...cart, items: [] } }) })
    show(<Checkout />, { language: 'fr' })
    expect(await screen.findByText('Votre panier est vide.')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Ouvrir le catalogue' }).getAttribute('href')).toBe(`/accounts/${accountId}/catalog`)
  })

  it('sees that parts do not sum to a row any more, and says nothing of products that went', () => {
    const split = { phone: [{ carrier: { kind: 'known', id: 'cc_1', name: 'Sales' }, quantity: 4 }, { carrier: { kind: 'none' }, quantity: 6 }] } as const
    expect(whole({ phone: [...split.phone] }, { product: { id: 'phone', name: '' }, quantity: 10 })).toBe(true)
    expect(whole({ phone: [...split.phone] }, { product: { id: 'phone', name: '' }, quantity: 11 })).toBe(false)
    expect(quoteBody({ phone: [...split.phone] }, [])).toEqual({})
  })
})
