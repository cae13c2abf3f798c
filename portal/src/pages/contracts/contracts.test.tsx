import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { ContractWire } from '../../api/client'
import { pause } from '../../app/use-search'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import { holding } from '../../testing/timers'
import Contracts from '.'

const list = `/v1/accounts/${accountId}/contracts`
const contract = (name: string, more: Partial<ContractWire> = {}): ContractWire => ({
  id: `ctr_${name}`,
  name,
  crmId: `800${name}`,
  expiryDate: '2027-08-23',
  status: 'active',
  systems: { purchased: 5, mapped: 2, state: 'ok' },
  ...more,
})
const lyon = contract('Lyon', { systems: { purchased: 5, mapped: 7, state: 'over' } })
const paris = contract('Paris', { status: 'expired', systems: { purchased: 3, mapped: 0, state: 'ok' } })
const system = { id: 'sys_1', name: 'Atelier 01', crmId: '02i1', kind: 'commercial', url: 'https://a.example/' }
const two: Answers = { [`GET ${list}`]: () => ({ body: { items: [lyon, paris] } }) }

describe('contracts', () => {
  it('show name and CRM id, mapped of purchased, expiry and status', async () => {
    answering(two)
    show(<Contracts />)
    const row = (await screen.findByText('Lyon')).closest('tr')!
    expect(row.textContent).toContain('800Lyon')
    expect(row.textContent).toContain('7 / 5')
    expect(row.textContent).toContain('23 Aug 2027')
    expect(row.textContent).toContain('Active')
    expect(within(row).getByLabelText('More systems mapped than purchased')).toBeTruthy()
    expect(within(screen.getByText('Paris').closest('tr')!).queryByLabelText('More systems mapped than purchased')).toBeNull()
  })

  it('are in French for a French reader', async () => {
    answering(two)
    show(<Contracts />, { language: 'fr' })
    const row = (await screen.findByText('Paris')).closest('tr')!
    expect(row.textContent).toContain('23 août 2027')
    expect(row.textContent).toContain('Expiré')
    expect(screen.getByRole('heading', { name: 'Contrats' })).toBeTruthy()
  })

  it('have a banner with whom to contact where some are over their number', async () => {
    const banner = { code: 'systems_over_purchased', count: 1, detail: 'One contract is over.', contact: { name: 'Rachel Reed', email: 'rachel@vendor.example', phone: '+44 20 79' } }
    answering({ [`GET ${list}`]: () => ({ body: { items: [lyon], banner } }) })
    show(<Contracts />)
    expect(await screen.findByText('One contract is over.')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'rachel@vendor.example' }).getAttribute('href')).toBe('mailto:rachel@vendor.example')
    expect(screen.getByRole('link', { name: '+44 20 79' }).getAttribute('href')).toBe('tel:+442079')
  })

  it('are sorted, filtered and searched by the server', async () => {
    const sent = answering(two)
    show(<Contracts />)
    await screen.findByText('Lyon')
    const last = () => Object.fromEntries(sent.at(-1)!.query)
    expect(last()).toEqual({ orderBy: 'status', pageSize: '50' })
    await userEvent.click(screen.getByRole('button', { name: /Expiry date/ }))
    await waitFor(() => expect(last()).toEqual({ orderBy: 'expiryDate', pageSize: '50' }))
    await userEvent.click(screen.getByRole('button', { name: /Expiry date/ }))
    await waitFor(() => expect(last().orderBy).toBe('-expiryDate'))
    await userEvent.click(screen.getByRole('button', { name: 'Expired' }))
    await waitFor(() => expect(last().status).toBe('expired'))
    const typing = holding(pause)
    await userEvent.type(screen.getByRole('searchbox'), 'lyo')
    typing.end()
    await waitFor(() => expect(last()).toEqual({ orderBy: '-expiryDate', status: 'expired', q: 'lyo', pageSize: '50' }))
    // One question for the word, not one for each letter.
    expect(sent.filter(({ query }) => query.has('q')).map(({ query }) => query.get('q'))).toEqual(['lyo'])
  })

  it('are paged by token, forward and back', async () => {
    answering({ [`GET ${list}`]: ({ query }) => ({ body: query.get('pageToken') === 'next' ? { items: [paris] } : { items: [lyon], nextPageToken: 'next' } }) })
    show(<Contracts />)
    await screen.findByText('Lyon')
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }))
    await screen.findByText('Paris')
    expect(screen.queryByText('Lyon')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Previous page' }))
    await screen.findByText('Lyon')
  })

  it('open to their systems, which are asked for only then, and can be disconnected', async () => {
    let connected = true
    const sent = answering({
      ...two,
      [`GET ${list}/ctr_Lyon/systems`]: () => ({ body: { items: connected ? [system] : [] } }),
      [`DELETE ${list}/ctr_Lyon/systems/sys_1`]: () => {
        connected = false
        return { status: 204 }
      },
    })
    show(<Contracts />)
    await screen.findByText('Lyon')
    expect(sent.some(({ path }) => path.endsWith('/systems'))).toBe(false)
    await userEvent.click(screen.getByRole('button', { name: 'Show the systems of Lyon' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect Atelier 01' }))
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false)
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Disconnect' }))
    expect(await screen.findByText('Atelier 01 is no longer on Lyon.')).toBeTruthy()
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Disconnect Atelier 01' })).toBeNull())
    expect(sent.filter(({ method, path }) => method === 'GET' && path === list).length).toBeGreaterThan(1)
  })

  it('say in the window why a system could not be disconnected', async () => {
    answering({
      ...two,
      [`GET ${list}/ctr_Lyon/systems`]: () => ({ body: { items: [system] } }),
      [`DELETE ${list}/ctr_Lyon/systems/sys_1`]: () => refusal(503, 'busy', 'Try again in a moment.'),
    })
    show(<Contracts />)
    await userEvent.click(await screen.findByRole('button', { name: 'Show the systems of Lyon' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect Atelier 01' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Disconnect' }))
    expect(await within(dialog).findByText('Try again in a moment.')).toBeTruthy()
  })

  it('offer nothing to who may only look', async () => {
    answering({ ...two, [`GET ${list}/ctr_Lyon/systems`]: () => ({ body: { items: [system] } }) })
    show(<Contracts />, { permissions: ['view'] })
    await userEvent.click(await screen.findByRole('button', { name: 'Show the systems of Lyon' }))
    await screen.findByText('Atelier 01')
    expect(screen.queryByRole('button', { name: /Disconnect/ })).toBeNull()
  })

  it('say when there are none, and otherwise when none matches', async () => {
    answering({ [`GET ${list}`]: () => ({ body: { items: [] } }) })
    show(<Contracts />)
    expect(await screen.findByText('No contracts')).toBeTruthy()
    await userEvent.type(screen.getByRole('searchbox'), 'x')
    expect(await screen.findByText('Nothing matches')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }))
    expect(await screen.findByText('No contracts')).toBeTruthy()
  })

  it('say why they could not be read, and try again', async () => {
    let fails = true
    answering({ [`GET ${list}`]: () => (fails ? refusal(500, 'internal', 'It broke.') : { body: { items: [lyon] } }) })
    show(<Contracts />)
    expect(await screen.findByText('It broke.')).toBeTruthy()
    fails = false
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Lyon')).toBeTruthy()
  })
})
