import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Home from '.'

const at = (path: string) => `GET /v1/accounts/${accountId}/${path}`
const contract = (name: string, expiryDate: string, mapped = 0) => ({ id: name, name, crmId: '800', status: 'active', expiryDate, systems: { purchased: 2, mapped, state: mapped > 2 ? 'over' : 'ok' } })
const line = (name: string, usage: object) => ({ contractId: 'ctr_1', contractName: 'Lyon', status: 'active', product: { id: name, name }, usage, pools: [] })
const answers: Answers = {
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

  it('says what could not be read, and shows the rest', async () => {
    answering({ ...answers, [at('usage')]: () => refusal(500, 'internal', 'It broke.') })
    show(<Home />)
    expect(await screen.findByText('It broke.')).toBeTruthy()
    expect(await screen.findByText('Metz')).toBeTruthy()
  })
})
