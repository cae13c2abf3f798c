import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Systems from '.'

const system = (n: number) => ({ id: `sys_${n}`, name: `Works ${n}`, crmId: `02i${n}`, kind: 'commercial', url: `https://w${n}.example/` })
const contract = (name: string, mapped: number) => ({ id: `ctr_${name}`, name, crmId: `800${name}`, expiryDate: '2027-08-23', status: 'active', systems: { purchased: 5, mapped, state: mapped > 5 ? 'over' : 'ok' } })
const systems = `/v1/accounts/${accountId}/systems`
const contracts = `/v1/accounts/${accountId}/contracts`
const connect = `POST ${contracts}/ctr_Leeds/systems`

const lists: Answers = {
  [`GET ${systems}`]: () => ({ body: { items: [system(1), system(2), system(3)] } }),
  [`GET ${contracts}`]: () => ({ body: { items: [contract('Leeds', 2), contract('York', 7)] } }),
}
const connected = (results: object[], mapped = 4) => ({ body: { contract: contract('Leeds', mapped), results } })

async function open(...names: string[]) {
  for (const name of names) await userEvent.click(await screen.findByRole('checkbox', { name: `Select ${name}` }))
  await userEvent.click(screen.getByRole('button', { name: 'Connect to contract' }))
  const dialog = screen.getByRole('dialog')
  await within(dialog).findByText('Leeds')
  return dialog
}

describe('unmapped systems', () => {
  it('are asked for as such, and shown with their address', async () => {
    const sent = answering(lists)
    show(<Systems />)
    const row = (await screen.findByText('Works 1')).closest('tr')!
    expect(within(row).getByRole('link', { name: /w1\.example/ })).toBeTruthy()
    expect(sent[0]!.query.get('mapping')).toBe('unmapped')
  })

  it('cannot be connected by who may only look', async () => {
    answering(lists)
    show(<Systems />, { permissions: ['view'] })
    await screen.findByText('Works 1')
    expect(screen.queryByRole('checkbox')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Connect to contract' })).toBeNull()
  })

  it('are connected together to an active contract', async () => {
    const sent = answering({ ...lists, [connect]: () => connected([{ systemId: 'sys_1', result: 'connected' }, { systemId: 'sys_3', result: 'connected' }]) })
    show(<Systems />)
    const dialog = await open('Works 1', 'Works 3')
    expect(sent.find(({ path }) => path === contracts)!.query.get('status')).toBe('active')
    const verb = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Connect 2 systems' })
    expect(verb.disabled).toBe(true)
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select Leeds' }))
    await userEvent.click(verb)
    expect(await screen.findByText('2 systems are now on Leeds.')).toBeTruthy()
    const request = sent.find(({ method }) => method === 'POST')!
    expect(request.body).toEqual({ systemIds: ['sys_1', 'sys_3'] })
    expect(request.headers.get('Idempotency-Key')).toBeTruthy()
    expect(screen.queryByRole('dialog')).toBeNull()
    await waitFor(() => expect(sent.filter(({ path }) => path === systems).length).toBeGreaterThan(1))
  })

  it('may go on a contract that is over its number, with the recommendation to contact the representative', async () => {
    answering(lists)
    show(<Systems />)
    const dialog = await open('Works 1')
    const row = within(dialog).getByText('York').closest('tr')!
    expect(within(row).getByLabelText('More systems mapped than purchased')).toBeTruthy()
    expect(within(dialog).queryByText(/strongly recommend/)).toBeNull()
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select York' }))
    expect(within(dialog).getByText(/strongly recommend/)).toBeTruthy()
    expect(within(dialog).getByRole('link', { name: 'rachel@vendor.example' })).toBeTruthy()
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Connect 1 system' }).disabled).toBe(false)
  })

  it('are told one by one where not all went well', async () => {
    const results = [{ systemId: 'sys_1', result: 'connected' }, { systemId: 'sys_2', result: 'system_already_connected', detail: 'It is on the contract Hull.' }]
    answering({ ...lists, [connect]: () => connected(results) })
    show(<Systems />)
    const dialog = await open('Works 1', 'Works 2')
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select Leeds' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Connect 2 systems' }))
    expect(await screen.findByText('1 of 2 systems are on Leeds')).toBeTruthy()
    expect(screen.getByText('It is on the contract Hull.', { exact: false })).toBeTruthy()
  })

  it('are told one by one also where none could be connected, and the list is read anew', async () => {
    const results = [{ systemId: 'sys_1', result: 'system_already_connected', detail: 'It is on the contract Hull.' }]
    const sent = answering({ ...lists, [connect]: () => refusal(409, 'system_already_connected', 'Somebody was first.', { results }) })
    show(<Systems />)
    const dialog = await open('Works 1')
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select Leeds' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Connect 1 system' }))
    expect(await screen.findByText('0 of 1 systems are on Leeds')).toBeTruthy()
    expect(screen.getByText('It is on the contract Hull.', { exact: false })).toBeTruthy()
    await waitFor(() => expect(sent.filter(({ path }) => path === systems).length).toBeGreaterThan(1))
  })

  it('keep what was chosen when the answer is lost, and repeat the same request', async () => {
    const keys: (string | null)[] = []
    answering({
      ...lists,
      [connect]: (request) => {
        keys.push(request.headers.get('Idempotency-Key'))
        if (keys.length === 1) throw new TypeError('network')
        return connected([{ systemId: 'sys_1', result: 'connected' }])
      },
    })
    show(<Systems />)
    const dialog = await open('Works 1')
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select Leeds' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Connect 1 system' }))
    expect(await within(dialog).findByText(/could not be reached/)).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Connect 1 system' }))
    expect(await screen.findByText('1 system is now on Leeds.')).toBeTruthy()
    expect(keys[0]).toBe(keys[1])
  })

  it('are refused in words when the contract has expired meanwhile', async () => {
    answering({ ...lists, [connect]: () => refusal(409, 'contract_expired', 'The contract Leeds has expired.') })
    show(<Systems />)
    const dialog = await open('Works 1')
    await userEvent.click(within(dialog).getByRole('radio', { name: 'Select Leeds' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Connect 1 system' }))
    expect(await within(dialog).findByText('The contract Leeds has expired.')).toBeTruthy()
  })
})
