import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { ContractPoolWire, ContractUsage, SeatResultWire } from '../../api/client'
import type { Permission } from '../../app/account'
import type { Language } from '../../app/texts'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Product from '.'
import { addressesIn } from './addresses'
import { sumOf } from './split'

const account = `/v1/accounts/${accountId}`
const lineOf = `${account}/contracts/ctr_1`
const seats = `${lineOf}/lines/phone/seats`
const product = { id: 'phone', name: 'Telephony' }
const usage = (used: number, limit = 10): ContractUsage => ({ limit, used, available: limit - used, percent: (100 * used) / limit, state: used > limit ? 'over_limit' : used === limit ? 'full' : used / limit >= 0.8 ? 'warning' : 'ok' })
const contract = (use: ContractUsage, pools: ContractPoolWire[] = [], status = 'active') => ({
  body: { id: 'ctr_1', name: 'Paris', crmId: '800', expiryDate: '2027-08-23', status, systems: { purchased: 1, mapped: 1, state: 'ok' }, termsRev: 1, alertDays: [], lines: [{ product, usage: use, pools }] },
})
const person = (name: string, more = {}) => ({ id: `usr_${name}`, name, email: `${name.toLowerCase()}@a.example`, roles: [], permissionSetIds: [], state: 'active', ...more })
const seat = { product, contractId: 'ctr_1', contractName: 'Paris', user: { id: 'usr_Ada', name: 'Ada' }, costCenter: { id: 'cc_1', name: 'Sales' }, addedAt: '2026-11-20T10:00:00Z', features: [], state: 'assigned', count: 1, actions: ['unassign', 'move'] }
const result = (name: string, said: SeatResultWire['result'], detail?: string): SeatResultWire => ({ userId: `usr_${name}`, productId: 'phone', result: said, detail })

// Ada, in queues, and her seats as the licence list has them.
const inQueues = (queues: object[]): Answers => ({
  [`GET ${account}/users/usr_Ada`]: () => ({ body: person('Ada', { queues, actions: [], seats: [{ productId: 'agent', contractId: 'ctr_1', features: [] }] }) }),
  [`GET ${account}/seats`]: () => ({ body: { items: [{ ...seat, product: { id: 'agent', name: 'Contact Center' }, derived: true }] } }),
})

const answers = (use: ContractUsage, more: Answers = {}): Answers => ({
  [`GET ${lineOf}`]: () => contract(use),
  [`GET ${seats}`]: () => ({ body: { items: [seat] } }),
  [`GET ${account}/catalog`]: () => ({ body: { items: [] } }),
  [`GET ${account}/usage/history`]: () => ({ body: { items: [] } }),
  [`GET ${account}/users`]: ({ query }) => ({ body: { items: [person('Bob'), person('Carol'), person('Dan', { state: 'deactivated' })].filter(({ email }) => !query.get('q')?.includes('@') || email === query.get('q')) } }),
  ...more,
})
const open = (permissions?: Permission[], language?: Language) => show(<Product />, { path: '/p/ctr_1/phone', route: '/p/:contractId/:productId', permissions, language })

describe('a product', () => {
  it('shows used and available, and who sits on its seats', async () => {
    answering(answers(usage(4)))
    open()
    expect(await screen.findByRole('heading', { level: 1, name: 'Telephony' })).toBeTruthy()
    expect(screen.getByText('4 of 10 used')).toBeTruthy()
    expect(screen.getByText('6 available')).toBeTruthy()
    expect(await screen.findByRole('link', { name: 'Ada' })).toBeTruthy()
    expect(screen.queryByText('Adding users is paused')).toBeNull()
  })

  it('warns at 80 % and can still be added to', async () => {
    answering(answers(usage(8)))
    open()
    expect(await screen.findByText('80 % of the seats are used')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Add users' }).getAttribute('aria-disabled')).not.toBe('true')
    expect(screen.getByRole('link', { name: 'rachel@vendor.example' })).toBeTruthy()
  })

  it.each([
    [usage(10), 'active', /Every seat is taken/],
    [usage(12), 'active', /More seats are used than the limit/],
    [{ used: 0, available: 0, state: 'not_set' } as ContractUsage, 'active', /No limit is set/],
    [usage(4), 'expired', /The contract has expired/],
  ])('pauses adding, with the reason and whom to ask (%#)', async (use, status, reason) => {
    answering(answers(use, { [`GET ${lineOf}`]: () => contract(use, [], status) }))
    open()
    expect(await screen.findByText('Adding users is paused')).toBeTruthy()
    expect(screen.getAllByText(reason).length).toBeGreaterThan(0)
    expect(screen.getByRole('link', { name: 'rachel@vendor.example' })).toBeTruthy()
    const add = screen.getByRole('button', { name: /^Add users/ })
    await userEvent.click(add)
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('says so in French', async () => {
    answering(answers(usage(10)))
    open(undefined, 'fr')
    expect(await screen.findByText('Les ajouts sont suspendus')).toBeTruthy()
    expect(screen.getByText('10 occupés sur 10')).toBeTruthy()
  })

  it('offers nothing to who may only look', async () => {
    answering(answers(usage(4), { [`GET ${seats}`]: () => ({ body: { items: [{ ...seat, actions: [] }] } }) }))
    open(['view'])
    await screen.findByRole('link', { name: 'Ada' })
    expect(screen.queryByRole('button', { name: /Add users|Remove access|Split/ })).toBeNull()
  })

  it('adds whom one selects, keeps the others with the reason, and is fresh', async () => {
    let used = 9
    const sent = answering(
      answers(usage(9), {
        [`GET ${lineOf}`]: () => contract(usage(used)),
        [`POST ${seats}`]: () => {
          used = 10
          return { body: { usage: usage(10), results: [result('Bob', 'assigned'), result('Carol', 'seat_limit_reached', 'No seat is left.')] } }
        },
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Add users' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(await within(dialog).findByRole('checkbox', { name: 'Select Bob' }))
    await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Select Carol' }))
    expect(within(dialog).getByText('Only 1 seat is left. The first of those selected gets it.')).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add 2 users' }))
    expect(await within(dialog).findByText('No seat is left.')).toBeTruthy()
    expect(within(dialog).getByText('1 user selected')).toBeTruthy()
    expect(within(dialog).getByRole('button', { name: 'Do not add Carol' })).toBeTruthy()
    expect(await screen.findByText('1 user has a seat of Telephony.')).toBeTruthy()
    await waitFor(() => expect(screen.getAllByText('10 of 10 used')).toHaveLength(2))
    expect(sent.find(({ method }) => method === 'POST')!.body).toEqual({ userIds: ['usr_Bob', 'usr_Carol'], notify: false, partial: true })
  })

  it('says why the last seat was not to be had, and loses nothing that was chosen', async () => {
    let used = 9
    const sent = answering(
      answers(usage(9), {
        [`GET ${lineOf}`]: () => contract(usage(used)),
        [`POST ${seats}`]: () => {
          used = 10
          return refusal(409, 'seat_limit_reached', 'The last seat has been taken. Ask Rachel Reed.', { results: [result('Bob', 'seat_limit_reached')] })
        },
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Add users' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByRole('searchbox'), 'bo')
    // The rows of the list before the search are about to go.
    await waitFor(() => expect(sent.some(({ path, query }) => path.endsWith('/users') && query.get('q') === 'bo')).toBe(true))
    await userEvent.click(await within(dialog).findByRole('checkbox', { name: 'Select Bob' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add 1 user' }))
    expect(await within(dialog).findByText('The last seat has been taken. Ask Rachel Reed.')).toBeTruthy()
    expect(within(dialog).getByText('10 of 10 used')).toBeTruthy()
    expect(within(dialog).getByRole('searchbox')).toHaveProperty('value', 'bo')
    expect(within(dialog).getByRole('button', { name: 'Do not add Bob' })).toBeTruthy()
  })

  it('is repeated with the same key after a lost answer, and with another for another choice', async () => {
    const keys: (string | null)[] = []
    answering(
      answers(usage(4), {
        [`POST ${seats}`]: ({ headers }) => {
          keys.push(headers.get('Idempotency-Key'))
          throw new TypeError('network')
        },
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Add users' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(await within(dialog).findByRole('checkbox', { name: 'Select Bob' }))
    for (const name of ['Add 1 user', 'Add 1 user', 'Add 2 users']) {
      if (name === 'Add 2 users') await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Select Carol' }))
      const before = keys.length
      await userEvent.click(await within(dialog).findByRole('button', { name }))
      await waitFor(() => expect(keys.length).toBe(before + 1))
      await within(dialog).findByText(/could not be reached/)
    }
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[1])
  })

  it('finds pasted addresses and says which are not there', async () => {
    answering(answers(usage(4)))
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Add users' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Paste many e-mail addresses' }))
    await userEvent.click(within(dialog).getByRole('textbox', { name: 'E-mail addresses' }))
    await userEvent.paste('Bob <BOB@a.example>; dan@a.example\nnobody@a.example')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Look up 3 addresses' }))
    expect(await within(dialog).findByText('1 user found and selected')).toBeTruthy()
    expect(within(dialog).getByText('Not found: nobody@a.example')).toBeTruthy()
    expect(within(dialog).getByText('Deactivated: dan@a.example')).toBeTruthy()
    expect(within(dialog).getByText('1 user selected')).toBeTruthy()
  })

  it('says before access is removed that the licence stays, and after it which seats are kept', async () => {
    const queues = [
      { name: 'Front desk', type: 'call' },
      { name: 'info@a.example', type: 'inbox' },
    ]
    const sent = answering(
      answers(usage(4), {
        ...inQueues(queues),
        [`PATCH ${account}/users/usr_Ada/queues`]: () => ({ body: { queues: [], results: [{ userId: 'usr_Ada', productId: 'agent', productName: 'Contact Center', result: 'removed' }] } }),
        [`DELETE ${seats}/usr_Ada`]: () => ({ body: { usage: usage(3), result: { ...result('Ada', 'removed', 'A derived seat stays.'), derivedSeatsKept: ['agent'], queues } } }),
      }),
    )
    open()
    await screen.findByText('Remove access')
    await userEvent.click(screen.getByRole('button', { name: 'Remove access of Ada' }))
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByText(/it stays in stock under the cost center Sales/)).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove access' }))
    expect(await screen.findByText('Ada no longer has a seat of Telephony.')).toBeTruthy()
    expect(screen.getByText('Ada keeps a derived seat')).toBeTruthy()
    expect(screen.getByText('Call queues: Front desk')).toBeTruthy()
    expect(screen.getByText('Inbox queues: info@a.example')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Remove from all queues' }))
    const asking = screen.getByRole('dialog')
    expect((await within(asking).findByText(/^This seat will be free at once/)).textContent).toContain('Contact Center')
    await userEvent.click(within(asking).getByRole('button', { name: 'Remove from all' }))
    expect(await screen.findByText('Ada is in no queue any more.')).toBeTruthy()
    // The warning alone is gone: it holds no more.
    await waitFor(() => expect(screen.queryByText('Ada keeps a derived seat')).toBeNull())
    expect(screen.getByText('Ada no longer has a seat of Telephony.')).toBeTruthy()
    expect(screen.getByText('This seat is free and no longer billed: Contact Center.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Remove from all queues' })).toBeNull()
    expect(sent.find(({ path }) => path.endsWith('/queues'))!.body).toEqual({ removeAll: true })
  })

  it('says which queues keep a derived seat, and leaves all of them in one step', async () => {
    const queues = [{ name: 'Call backs', type: 'outbound' }]
    const sent = answering(
      answers(usage(4), {
        ...inQueues(queues),
        [`PATCH ${account}/users/usr_Ada/queues`]: () => ({ body: { queues: [], results: [{ userId: 'usr_Ada', productId: 'phone', productName: 'Telephony', result: 'removed' }] } }),
        [`DELETE ${seats}/usr_Ada`]: () => refusal(409, 'seat_derived', 'No.', { results: [{ ...result('Ada', 'seat_derived', 'The seat stays.'), queues }] }),
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Remove access of Ada' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove access' }))
    expect(await within(dialog).findByText('Outbound queues: Call backs')).toBeTruthy()
    const leave = within(dialog).getByRole('button', { name: 'Remove from all queues' })
    expect(leave.closest('[role="alert"]')).toBeNull()
    await userEvent.click(leave)
    const asking = screen.getByRole('dialog')
    expect((await within(asking).findByText(/^This seat will be free at once/)).textContent).toContain('Contact Center')
    await userEvent.click(within(asking).getByRole('button', { name: 'Remove from all' }))
    expect(await screen.findByText('This seat is free and no longer billed: Telephony.')).toBeTruthy()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(sent.find(({ path }) => path.endsWith('/queues'))!.body).toEqual({ removeAll: true })
  })

  it('claims nothing of the seats that end with the queues until it is known, and comes back to the window before', async () => {
    let arrive = (): void => undefined
    const waits = new Promise<void>((resolve) => (arrive = resolve))
    const queues = [{ name: 'Call backs', type: 'outbound' }]
    const known = inQueues(queues)
    answering(
      answers(usage(4), {
        ...known,
        [`GET ${account}/users/usr_Ada`]: async (sent) => {
          await waits
          return known[`GET ${account}/users/usr_Ada`]!(sent)
        },
        [`GET ${account}/seats`]: () => refusal(409, 'not_now', 'The list cannot be read.'),
        [`DELETE ${seats}/usr_Ada`]: () => refusal(409, 'seat_derived', 'No.', { results: [{ ...result('Ada', 'seat_derived', 'The seat stays.'), queues }] }),
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Remove access of Ada' }))
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Remove access' }))
    await userEvent.click(await within(screen.getByRole('dialog')).findByRole('button', { name: 'Remove from all queues' }))
    const asking = screen.getByRole('dialog')
    const verb = within(asking).getByRole('button', { name: 'Remove from all' })
    expect(within(asking).getByRole('status')).toBeTruthy()
    expect(verb).toHaveProperty('disabled', true)
    arrive()
    expect(await within(asking).findByText('The list cannot be read.')).toBeTruthy()
    expect(within(asking).queryByText(/No seat depends|In no queue/)).toBeNull()
    expect(verb).toHaveProperty('disabled', true)
    await userEvent.click(within(asking).getByRole('button', { name: 'Cancel' }))
    expect(within(screen.getByRole('dialog')).getByText('The seat stays.')).toBeTruthy()
  })

  it('is split over cost centers, with the rest said and what is used held', async () => {
    const pools = [
      { purchased: 4, used: 1, available: 3 },
      { costCenterId: 'cc_1', purchased: 6, used: 3, available: 3 },
    ]
    const sent = answering(
      answers(usage(4), {
        [`GET ${lineOf}`]: () => contract(usage(4), pools),
        [`GET ${account}/cost-centers`]: () => ({ body: { items: [{ id: 'cc_1', name: 'Sales', state: 'active', pools: 1 }] } }),
        [`PUT ${lineOf}/lines/phone/pools`]: () => ({ body: {} }),
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Split over cost centers' }))
    const dialog = screen.getByRole('dialog')
    const part = await within(dialog).findByRole('textbox', { name: 'Sales' })
    const save = within(dialog).getByRole('button', { name: 'Save the split' })
    await userEvent.clear(part)
    await userEvent.type(part, '2')
    expect(within(dialog).getByText(/3 at least/)).toBeTruthy()
    expect(save).toHaveProperty('disabled', true)
    await userEvent.clear(part)
    await userEvent.type(part, '8')
    expect(within(dialog).getByText('2 seats are carried by no cost center.')).toBeTruthy()
    await userEvent.click(save)
    expect(await screen.findByText('The seats of Telephony are split anew.')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'PUT')!.body).toEqual({ pools: [{ costCenterId: 'cc_1', purchased: 8 }] })
  })
})

describe('the cost centers of a line', () => {
  const at = (pools: ContractPoolWire[]) =>
    answering(
      answers(usage(4), {
        [`GET ${lineOf}`]: () => contract(usage(4), pools),
        [`GET ${account}/cost-centers`]: () => ({ body: { items: [{ id: 'cc_1', name: 'Sales', state: 'active', pools: 1 }] } }),
      }),
    )

  it('show what is pending removal apart from what is used, and a split keeps both', async () => {
    at([{ purchased: 4, used: 1, available: 3 }, { costCenterId: 'cc_1', purchased: 6, used: 2, available: 1, pendingRemoval: 3 }])
    open()
    const table = await screen.findByRole('table', { name: 'Cost centers' })
    const row = (await within(table).findByText('Sales')).closest('tr')!
    expect(within(table).getAllByRole('columnheader').map((header) => header.textContent)).toContain('Pending removal')
    expect(within(row).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['6', '2', '3', '1'])
    await userEvent.click(screen.getByRole('button', { name: 'Split over cost centers' }))
    const dialog = screen.getByRole('dialog')
    const part = await within(dialog).findByRole('textbox', { name: 'Sales' })
    expect(within(dialog).getByText('2 used, 3 pending removal')).toBeTruthy()
    await userEvent.clear(part)
    await userEvent.type(part, '4')
    expect(within(dialog).getByText(/5 at least/)).toBeTruthy()
  })

  it('say nothing of removals where none waits', async () => {
    at([{ purchased: 4, used: 1, available: 3 }, { costCenterId: 'cc_1', purchased: 6, used: 3, available: 3 }])
    open()
    await within(await screen.findByRole('table', { name: 'Cost centers' })).findByText('Sales')
    expect(screen.queryByText('Pending removal')).toBeNull()
  })
})

describe('rules of the windows', () => {
  it('addresses are found in whatever was pasted, each once', () => {
    expect(addressesIn('A B <a@x.fr>, "C" c@x.fr;A@X.FR\nmailto:d@x.fr. no-address')).toEqual(['a@x.fr', 'c@x.fr', 'd@x.fr'])
  })

  it('parts are whole, not below what is used, and together no more than the limit', () => {
    const part = (text: string, used = 0) => ({ costCenterId: text, text, used })
    expect(sumOf([part('4'), part('6', 6)], 10)).toMatchObject({ rest: 0, good: true })
    expect(sumOf([part('4'), part('7')], 10)).toMatchObject({ rest: -1, good: false })
    expect(sumOf([part('5', 6)], 10).good).toBe(false)
    expect(sumOf([{ ...part('5', 2), pending: 4 }], 10).good).toBe(false)
    expect(sumOf([{ ...part('6', 2), pending: 4 }], 10).good).toBe(true)
    expect(sumOf([part('1.5')], 10).good).toBe(false)
    expect(sumOf([part('')], 10).good).toBe(false)
  })
})
