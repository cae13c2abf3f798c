import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Home from '.'

const at = (path: string) => `GET /v1/accounts/${accountId}/${path}`
const contract = (name: string, expiryDate: string, mapped = 0) => ({ id: name, name, crmId: '800', status: 'active', expiryDate, systems: { purchased: 2, mapped, state: mapped > 2 ? 'over' : 'ok' } })
const line = (name: string, usage: object) => ({ contractId: 'ctr_1', contractName: 'Lyon', status: 'active', product: { id: name, name }, usage, pools: [] })
const waiting = (id: string, actions: string[]) => ({ id, kind: 'more_seats', items: [{ productId: 'fax', productName: { en: 'Fax', fr: 'Télécopie' }, quantity: 3 }], message: '', to: 'administrators', author: { kind: 'member', name: id }, createdAt: '2026-11-20T09:00:00Z', state: 'open', actions })
const points = (...used: number[]) => used.map((count, i) => ({ date: `2026-11-${19 + i}`, used: count, limit: 10 }))
const answers: Answers = {
  [at('requests')]: () => ({ body: { items: [waiting('Grace', ['answer', 'decline']), waiting('Own', ['withdraw'])] } }),
  [at('usage/history')]: ({ query }) =>
    query.get('pageToken') ? { body: { items: [{ contractId: 'ctr_2', product: { id: 'Fax', name: 'Fax' }, points: points(1, 1, 2) }] } } : { body: { items: [{ contractId: 'ctr_1', product: { id: 'Fax', name: 'Fax' }, points: points(7, 7, 12) }], nextPageToken: 'more' } },
  [at('usage')]: () => ({
    body: {
      items: [line('Fax', { limit: 10, used: 12, available: -2, percent: 120, state: 'over_limit' }), line('Phone', { used: 3, available: 0, state: 'not_set' })],
      banners: [
        { code: 'over_limit', count: 1, contact: { name: 'Rachel Reed' }, detail: '' },
        { code: 'not_set', count: 1, contact: { name: 'Rachel Reed' }, detail: '' },
      ],
    },
  }),
  [at('contracts')]: ({ query }) =>
    query.get('orderBy') === 'expiryDate' ? { body: { items: [contract('Metz', '2026-11-22'), contract('Nice', '2027-02-19'), contract('Late', '2027-02-20')], nextPageToken: 'more' } } : { body: { items: [contract('Over', '2027-08-01', 3), contract('Fine', '2027-08-01', 2)], nextPageToken: 'more' } },
  [at('activity')]: () => ({ body: { items: [{ id: 'act_1', at: '2026-11-21T09:00:00Z', action: 'seat.removed', author: { kind: 'member', name: 'Ada' }, subject: { noun: 'seat', id: 's', name: 'Fax' } }] } }),
}

describe('home', () => {
  it('shows the lines to look at, how many in each state, and whom to contact', async () => {
    answering(answers)
    show(<Home />)
    const row = (await screen.findByText('2 seats too many')).closest('tr')!
    expect(row.textContent).toContain('12 of 10')
    expect(row.textContent).toContain('Over the limit')
    expect(screen.getByText('3 seats in use').closest('tr')!.textContent).toContain('Limit not set')
    expect(screen.getAllByText('All (2)').length).toBeGreaterThan(0)
    expect(screen.getByText('Rachel Reed')).toBeTruthy()
  })

  it('says where not every line could be counted', async () => {
    answering({ ...answers, [at('usage')]: () => ({ body: { items: [], banners: [], truncated: true } }) })
    show(<Home />)
    expect(await screen.findByText(/Not every line could be counted/)).toBeTruthy()
  })

  it('shows the contracts that expire within 90 days and those with too many systems, and none beyond', async () => {
    answering(answers)
    show(<Home />, { language: 'fr' })
    expect(within((await screen.findByText('Metz')).closest('tr')!).getByText('dans 1 jour')).toBeTruthy()
    expect(screen.getByText('dans 90 jours')).toBeTruthy()
    expect(await screen.findByText('Over')).toBeTruthy()
    expect(screen.queryByText('Late')).toBeNull()
    expect(screen.queryByText('Fine')).toBeNull()
    expect(await screen.findByText('Siège libéré', { exact: false })).toBeTruthy()
  })

  it('shows the requests that the reader may answer, and none to who may answer none', async () => {
    answering(answers)
    const { unmount } = show(<Home />, { permissions: ['view', 'manage_licences', 'send_requests'] })
    expect((await screen.findByText('Grace', { exact: false })).closest('tr')!.textContent).toContain('Fax: 3')
    expect(screen.queryByText('Own')).toBeNull()
    unmount()
    show(<Home />, { permissions: ['view', 'send_requests'] })
    await screen.findByText('Metz')
    expect(screen.queryByText('Open requests')).toBeNull()
  })

  it('shows the use of the product with most seats in use over time, of all its contracts, also as figures', async () => {
    const sent = answering(answers)
    show(<Home />)
    expect(await screen.findByRole('application', { name: 'Use over time: Fax' })).toBeTruthy()
    await userEvent.click(screen.getByText('The figures, day by day'))
    const figures = screen.getByRole('table', { name: 'Days on which the use changed: Fax' })
    const rows = within(figures).getAllByRole('row').map(({ textContent }) => textContent)
    expect(rows.slice(1)).toEqual(['21 Nov 20261420', '19 Nov 2026820'])
    expect(sent.filter(({ path }) => path.endsWith('/history')).map(({ query }) => query.get('productId'))).toEqual(['Fax', 'Fax'])
    await userEvent.click(screen.getByRole('button', { name: /Product/ }))
    await userEvent.click(await screen.findByRole('option', { name: 'Phone' }))
    expect(await screen.findByRole('application', { name: 'Use over time: Phone' })).toBeTruthy()
  })

  it('says what of the use over time could not be read, and that nothing is known', async () => {
    answering({ ...answers, [at('usage/history')]: () => refusal(500, 'internal', 'No days.') })
    const { unmount } = show(<Home />)
    expect(await screen.findByText('No days.')).toBeTruthy()
    unmount()
    answering({ ...answers, [at('usage/history')]: () => ({ body: { items: [] } }) })
    show(<Home />, { language: 'fr' })
    expect(await screen.findByText('Rien n’est encore connu de ce produit')).toBeTruthy()
  })

  it('says what could not be read, and shows the rest', async () => {
    answering({ ...answers, [at('usage')]: () => refusal(500, 'internal', 'It broke.') })
    show(<Home />)
    expect(await screen.findByText('It broke.')).toBeTruthy()
    expect(await screen.findByText('Metz')).toBeTruthy()
  })
})
