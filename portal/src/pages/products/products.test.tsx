import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { ContractUsage, ContractUsageWire } from '../../api/client'
import { answering, refusal } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Products from '.'

const list = `/v1/accounts/${accountId}/usage`
const line = (contractName: string, usage: ContractUsage, more: Partial<ContractUsageWire> = {}): ContractUsageWire => ({
  contractId: `ctr_${contractName}`,
  contractName,
  product: { id: 'phone', name: 'Telephony' },
  status: 'active',
  pools: [],
  usage,
  ...more,
})
const ok = line('Lyon', { limit: 10, used: 4, available: 6, percent: 40, state: 'ok' })
const over = line('Paris', { limit: 10, used: 12, available: -2, percent: 120, state: 'over_limit' })
const unset = line('Metz', { used: 0, available: 0, state: 'not_set' })

describe('products', () => {
  it('show used and available, a bar, and the state of each line', async () => {
    answering({ [`GET ${list}`]: () => ({ body: { items: [ok, over, unset], banners: [] } }) })
    show(<Products />)
    const row = (await screen.findByText('Lyon')).closest('tr')!
    expect(row.textContent).toContain('4 of 10 used')
    expect(row.textContent).toContain('6 available')
    expect(within(row).getByRole('progressbar', { name: 'Telephony: 40% of the seats used' }).getAttribute('value')).toBe('40')
    expect(screen.getByText('Paris').closest('tr')!.textContent).toContain('2 seats too many')
    expect(within(screen.getByText('Metz').closest('tr')!).queryByRole('progressbar')).toBeNull()
    expect(screen.getByText('No limit set')).toBeTruthy()
  })

  it('are in French for a French reader', async () => {
    answering({ [`GET ${list}`]: () => ({ body: { items: [ok], banners: [] } }) })
    show(<Products />, { language: 'fr' })
    expect((await screen.findByText('Lyon')).closest('tr')!.textContent).toContain('4 occupés sur 10')
    expect(screen.getByRole('heading', { name: 'Produits' })).toBeTruthy()
  })

  it('say in one banner what needs attention, and whom to ask once', async () => {
    const contact = { name: 'Rachel Reed', email: 'rachel@vendor.example' }
    const banners = [
      { code: 'full', count: 1, contact, detail: 'One line is full.' },
      { code: 'warning', count: 2, contact, detail: 'Two lines are at 80 %.' },
    ]
    answering({ [`GET ${list}`]: () => ({ body: { items: [ok], banners } }) })
    show(<Products />)
    expect(await screen.findByText('One line is full.')).toBeTruthy()
    expect(screen.getByText('Two lines are at 80 %.')).toBeTruthy()
    expect(screen.getAllByRole('link', { name: 'rachel@vendor.example' })).toHaveLength(1)
  })

  it('say where not every line could be counted, also where no banner stands', async () => {
    answering({ [`GET ${list}`]: () => ({ body: { items: [ok], banners: [], truncated: true } }) })
    const { unmount } = show(<Products />)
    expect(await screen.findByText(/Not every line could be counted/)).toBeTruthy()
    unmount()
    answering({ [`GET ${list}`]: () => ({ body: { items: [ok], banners: [] } }) })
    show(<Products />)
    await screen.findByText('Lyon')
    expect(screen.queryByText(/Not every line could be counted/)).toBeNull()
  })

  it('are filtered by the server, and say when none matches', async () => {
    const sent = answering({ [`GET ${list}`]: ({ query }) => ({ body: { items: query.has('state') ? [] : [ok], banners: [] } }) })
    show(<Products />)
    await screen.findByText('Lyon')
    await userEvent.click(screen.getByRole('button', { name: /State/ }))
    await userEvent.click(await screen.findByRole('option', { name: 'Over the limit' }))
    expect(await screen.findByText('Nothing matches')).toBeTruthy()
    await waitFor(() => expect(sent.some(({ query }) => query.get('state') === 'over_limit')).toBe(true))
    await userEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }))
    expect(await screen.findByText('Lyon')).toBeTruthy()
  })

  it('say why they could not be read', async () => {
    answering({ [`GET ${list}`]: () => refusal(500, 'internal', 'It broke.') })
    show(<Products />)
    expect(await screen.findByText('It broke.')).toBeTruthy()
  })
})
