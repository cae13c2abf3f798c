import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { RequestWire } from '../../api/client'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Requests from '.'

const base = `/v1/accounts/${accountId}`
const request: RequestWire = {
  id: 'req_1', kind: 'more_seats', to: 'administrators', state: 'open', author: { id: 'usr_1', name: 'Zoé' }, message: 'For the new team', createdAt: '2026-11-20T10:00:00Z',
  items: [{ productId: 'fax', productName: { en: 'Fax', fr: 'Télécopie' }, quantity: 4 }], actions: ['cart', 'answer', 'decline'],
}
const list: Answers = {
  [`GET ${base}/requests`]: () => ({ body: { items: [request] } }),
  [`GET ${base}/usage`]: () => ({ body: { items: [] } }),
  [`GET ${base}/catalog`]: () => ({ body: { items: [{ productId: 'fax', name: 'Fax', prices: [], buyable: false, currency: 'EUR', dependsOn: [], excludes: [], version: 1 }] } }),
}

describe('requests', () => {
  it('show what is asked, by whom, of whom, and how far it is; by state', async () => {
    const sent = answering(list)
    show(<Requests />, { language: 'fr', permissions: ['view', 'manage_licences', 'send_requests'] })
    const row = (await screen.findByText('For the new team')).closest('tr')!
    for (const word of ['Plus de sièges', 'Zoé', 'Administrateurs', 'Ouverte', '20 nov. 2026']) expect(row.textContent).toContain(word)
    await userEvent.click(screen.getByRole('button', { name: /État/ }))
    await userEvent.click(await screen.findByRole('option', { name: /Refusée/ }))
    await waitFor(() => expect(sent.at(-1)!.query.get('state')).toBe('declined'))
  })

  it('for seats go into the cart, on the contract that is chosen where several could', async () => {
    const contracts = [
      { id: 'ctr_1', name: 'London' },
      { id: 'ctr_2', name: 'Leeds' },
    ]
    const sent = answering({
      ...list,
      [`POST ${base}/requests/req_1/cart`]: ({ body }) => ((body as { contractId?: string }).contractId ? { body: { ...request, state: 'in_cart' } } : refusal(422, 'contract_needed', 'Say which contract.', { contracts })),
    })
    show(<Requests />, { permissions: ['view', 'manage_licences', 'send_requests'] })
    await userEvent.click(await screen.findByRole('button', { name: /^Put into the cart/ }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Put into the cart' }))
    await screen.findByText(/Several contracts/)
    expect(screen.queryByText('Say which contract.')).toBeNull()
    await userEvent.click(within(dialog).getByRole('button', { name: /Contract/ }))
    await userEvent.click(await screen.findByRole('option', { name: /Leeds/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Put into the cart' }))
    expect(await screen.findByText('The request is in your cart.')).toBeTruthy()
    expect(sent.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([{}, { contractId: 'ctr_2' }])
  })

  it('are declined in words', async () => {
    const sent = answering({ ...list, [`POST ${base}/requests/req_1/answer`]: () => ({ body: { ...request, state: 'declined' } }) })
    show(<Requests />, { permissions: ['view', 'manage_licences', 'send_requests'] })
    await userEvent.click(await screen.findByRole('button', { name: /^Decline/ }))
    await userEvent.type(screen.getByRole('textbox', { name: 'Your answer' }), 'Next year')
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Decline' }))
    expect(await screen.findByText('The request was declined.')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'POST')!.body).toEqual({ state: 'declined', message: 'Next year' })
  })

  it('are sent from a link with its product, once, also when an answer is lost', async () => {
    let lost = true
    const sent = answering({
      ...list,
      [`POST ${base}/requests`]: () => {
        if (!lost) return { status: 201, body: request }
        lost = false
        throw new TypeError('network')
      },
    })
    show(<Requests />, { permissions: ['view', 'send_requests'], path: '/?product=fax&contract=ctr_1' })
    const dialog = await screen.findByRole('dialog')
    const send = () => within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Send' })
    expect(send().disabled).toBe(true)
    await userEvent.type(within(dialog).getByRole('spinbutton', { name: /Seats more/ }), '4')
    await userEvent.click(send())
    expect(await within(dialog).findByText('No answer')).toBeTruthy()
    await userEvent.click(send())
    expect(await screen.findByText('The request was sent.')).toBeTruthy()
    const posts = sent.filter(({ method }) => method === 'POST')
    expect(posts.map(({ body }) => body)).toEqual(Array(2).fill({ kind: 'more_seats', items: [{ productId: 'fax', contractId: 'ctr_1', quantity: 4 }] }))
    expect(posts[0]!.headers.get('Idempotency-Key')).toBe(posts[1]!.headers.get('Idempotency-Key'))
  })

  it('ask in words alone where the reader may not see products', async () => {
    answering(list)
    show(<Requests />, { permissions: ['manage_billing', 'send_requests'] })
    await userEvent.click(await screen.findByRole('button', { name: 'Send a request' }))
    expect(screen.queryByRole('radio', { name: 'More seats' })).toBeNull()
    expect(screen.queryByText('Zoé')).toBeNull()
  })
})
