import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import User from '.'

const account = `/v1/accounts/${accountId}`
const one = `${account}/users/usr_1`
const queues = [{ name: 'Front desk', type: 'call' }]
const ada = { id: 'usr_1', name: 'Ada', email: 'ada@a.example', roles: ['view'], permissionSetIds: [], state: 'active', actions: ['edit', 'queues', 'deactivate'], seats: [{ productId: 'agent', contractId: 'ctr_1', features: [] }], queues }
const line = (id: string, name: string) => ({ contractId: 'ctr_1', contractName: 'Paris', product: { id, name }, status: 'active', pools: [], usage: { used: 0, available: 1, limit: 1, percent: 0, state: 'ok' } })
const answers = (more: Answers = {}): Answers => ({
  [`GET ${one}`]: () => ({ body: ada, headers: { ETag: '"7"' } }),
  [`GET ${account}/usage`]: () => ({ body: { items: [line('agent', 'Contact Center'), line('phone', 'Telephony')], banners: [] } }),
  [`GET ${account}/seats`]: () => ({ body: { items: [{ ...line('agent', 'Contact Center'), actions: [], count: 1, derived: true, features: [], state: 'assigned', user: { id: 'usr_1', name: 'Ada' } }] } }),
  [`GET ${account}/catalog`]: () => ({ body: { items: [{ productId: 'phone', features: [{ id: 'voicemail', name: 'Voicemail' }] }] } }),
  [`GET ${account}/permission-sets`]: () => ({ body: { items: [] } }),
  ...more,
})
const open = (language: 'en' | 'fr' = 'en', permissions?: ['view']) => show(<User />, { path: '/u/usr_1', route: '/u/:userId', language, permissions })

describe('a user', () => {
  it('is shown with roles and products', async () => {
    answering(answers({ [`GET ${one}`]: () => ({ body: { ...ada, actions: [] }, headers: { ETag: '"7"' } }) }))
    open('fr', ['view'])
    expect(await screen.findByRole('heading', { name: 'Ada' })).toBeTruthy()
    expect(screen.getByText('Consultation')).toBeTruthy()
    expect(await screen.findByText('Contact Center')).toBeTruthy()
    expect(screen.queryByText('Désactiver')).toBeNull()
    expect(screen.queryByText('Ajouter des produits')).toBeNull()
  })

  it('has features by their names, and says which the vendor offers no longer', async () => {
    const seats = [
      { productId: 'agent', contractId: 'ctr_1', features: ['rec', 'old'] },
      { productId: 'phone', contractId: 'ctr_1', features: ['voicemail'] },
    ]
    const sent = answering(
      answers({
        [`GET ${one}`]: () => ({ body: { ...ada, seats }, headers: { ETag: '"7"' } }),
        [`GET ${account}/catalog`]: ({ query }) =>
          query.get('pageToken')
            ? { body: { items: [{ productId: 'agent', features: [{ id: 'rec', name: 'Enregistrement' }] }], nextPageToken: 'further' } }
            : { body: { items: [{ productId: 'phone', features: [{ id: 'voicemail', name: 'Messagerie' }, { id: 'old', name: 'Autre' }] }], nextPageToken: 'next' } },
      }),
    )
    open('fr', ['view'])
    expect(await screen.findByText('Enregistrement et old (n’est plus proposée)')).toBeTruthy()
    expect(screen.getByText('Messagerie')).toBeTruthy()
    expect(sent.filter(({ path }) => path.endsWith('/catalog')).map(({ query }) => query.get('pageToken'))).toEqual([null, 'next'])
  })

  it('gets products with features and a mail, in one request', async () => {
    const sent = answering(answers({ [`PATCH ${one}/seats`]: () => ({ body: { seats: [], results: [{ userId: 'usr_1', productId: 'phone', result: 'assigned' }] } }) }))
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByText('Add products'))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(await within(dialog).findByLabelText('Telephony'))
    expect(within(dialog).queryByText('Contact Center')).toBeNull()
    await userEvent.click(await within(dialog).findByLabelText('Voicemail'))
    await userEvent.click(within(dialog).getByLabelText('Send the user an e-mail about it'))
    await userEvent.click(within(dialog).getByText('Add 1 product'))
    expect(await screen.findByText('1 product of Ada was changed.')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'PATCH')!.body).toEqual({ add: [{ productId: 'phone', features: ['voicemail'] }], notify: true })
  })

  it('keeps a derived seat, with the queues that are the reason, and the choice stays', async () => {
    answering(answers({ [`PATCH ${one}/seats`]: () => refusal(409, 'seat_derived', 'No.', { results: [{ userId: 'usr_1', productId: 'agent', result: 'seat_derived', detail: 'It stays while she is in a queue.', queues }] }) }))
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByText('Remove products'))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(await within(dialog).findByLabelText('Contact Center'))
    await userEvent.click(within(dialog).getByText('Remove 1 product'))
    expect(await within(dialog).findByText(/It stays while she is in a queue/)).toBeTruthy()
    expect(within(dialog).getByText('Call queues: Front desk')).toBeTruthy()
    expect(within(dialog).getByLabelText('Contact Center')).toHaveProperty('checked', true)
  })

  it('is taken out of all queues where these keep a seat, which says what is free', async () => {
    const sent = answering(
      answers({
        [`PATCH ${one}/seats`]: () => refusal(409, 'seat_derived', 'No.', { results: [{ userId: 'usr_1', productId: 'agent', result: 'seat_derived', detail: 'It stays while she is in a queue.', queues }] }),
        [`PATCH ${one}/queues`]: () => ({ body: { queues: [], results: [{ userId: 'usr_1', productId: 'agent', productName: 'Contact Center', result: 'removed' }] } }),
      }),
    )
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByText('Remove products'))
    await userEvent.click(within(screen.getByRole('dialog')).getByLabelText('Contact Center'))
    await userEvent.click(within(screen.getByRole('dialog')).getByText('Remove 1 product'))
    const leave = await within(screen.getByRole('dialog')).findByRole('button', { name: 'Remove from all queues' })
    expect(leave.closest('[role="alert"]')).toBeNull()
    await userEvent.click(leave)
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByText(/^This seat will be free at once/).textContent).toContain('Contact Center')
    expect(sent.filter(({ path }) => path.endsWith('/queues'))).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove from all' }))
    expect(await screen.findByText('This seat is free and no longer billed: Contact Center.')).toBeTruthy()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(sent.find(({ path }) => path.endsWith('/queues'))!.body).toEqual({ removeAll: true })
  })

  it('leaves all queues after the seats that will be free were named', async () => {
    const sent = answering(answers({ [`PATCH ${one}/queues`]: () => ({ body: { queues: [], results: [{ userId: 'usr_1', productId: 'agent', productName: 'Contact Center', result: 'removed' }] } }) }))
    open()
    await screen.findByText('Contact Center')
    expect(screen.getByText('Call queues: Front desk')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Remove from all queues' }))
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByText(/^This seat will be free at once/).textContent).toContain('Contact Center')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove from all' }))
    expect(await screen.findByText('Ada is in no queue any more.')).toBeTruthy()
    expect(screen.getByText('This seat is free and no longer billed: Contact Center.')).toBeTruthy()
    const patch = sent.find(({ method }) => method === 'PATCH')!
    expect(patch.body).toEqual({ removeAll: true })
    expect(patch.headers.get('Idempotency-Key')).toBeTruthy()
  })

  it('gets queues as rows of type and name, which stay in the window with the reason when they are refused; only what was changed is sent', async () => {
    let refused = true
    const sent = answering(
      answers({
        [`PATCH ${one}/queues`]: () => (refused ? refusal(409, 'too_many_queues', 'Trop de files d’attente.') : { body: { queues: [{ name: 'Standard', type: 'call' }], results: [] } }),
      }),
    )
    open('fr')
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByRole('button', { name: 'Modifier les files d’attente' }))
    const dialog = screen.getByRole('dialog')
    const save = within(dialog).getByRole('button', { name: 'Enregistrer les files d’attente' })
    expect(save).toHaveProperty('disabled', true)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Ajouter une file d’attente' }))
    expect(save).toHaveProperty('disabled', true)
    await userEvent.type(within(dialog).getAllByLabelText('Nom')[1]!, 'Relances')
    await userEvent.click(save)
    expect(await within(dialog).findByText('Trop de files d’attente.')).toBeTruthy()
    refused = false
    await userEvent.click(within(dialog).getByRole('button', { name: 'Retirer la file d’attente Relances' }))
    expect(save).toHaveProperty('disabled', true)
    const [name] = within(dialog).getAllByLabelText('Nom')
    await userEvent.clear(name!)
    await userEvent.type(name!, ' Standard ')
    await userEvent.click(save)
    expect(await screen.findByText('Les files d’attente d’Ada ont été enregistrées.')).toBeTruthy()
    const bodies = sent.filter(({ method }) => method === 'PATCH').map(({ body }) => body)
    expect(bodies).toEqual([{ add: [{ type: 'call', name: 'Relances' }] }, { add: [{ type: 'call', name: 'Standard' }], remove: queues }])
  })

  it('keeps the window and what was changed in it when the person has left meanwhile', async () => {
    let left = false
    const sent = answering(
      answers({
        [`GET ${one}`]: () => ({ body: left ? { ...ada, queues: undefined, state: 'deactivated', actions: ['edit'] } : { ...ada, queues: [...queues, { name: 'Nights', type: 'call' }] }, headers: { ETag: '"7"' } }),
        [`PATCH ${one}/queues`]: () => {
          left = true
          return refusal(409, 'user_deactivated', 'Ada has left.')
        },
      }),
    )
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByRole('button', { name: 'Edit queues' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove the queue Nights' }))
    const save = within(dialog).getByRole('button', { name: 'Save the queues' })
    await userEvent.click(save)
    await within(dialog).findByText('Ada has left.')
    await waitFor(() => expect(save).toHaveProperty('disabled', false))
    await userEvent.click(save)
    await waitFor(() => expect(sent.filter(({ method }) => method === 'PATCH')).toHaveLength(2))
    for (const { body } of sent.filter(({ method }) => method === 'PATCH')) expect(body).toEqual({ remove: [{ name: 'Nights', type: 'call' }] })
    await within(dialog).findByText('Ada has left.')
  })

  it('is not said to leave queues, nor to keep or lose a seat by it, where there was none', async () => {
    answering(
      answers({
        [`GET ${one}`]: () => ({ body: { ...ada, queues: [] }, headers: { ETag: '"7"' } }),
        // Another administrator was quicker, to the same end.
        [`PATCH ${one}/queues`]: () => ({ body: { queues: [], results: [] } }),
      }),
    )
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByRole('button', { name: 'Edit queues' }))
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).queryByText(/free at once|No seat depends/)).toBeNull()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add a queue' }))
    await userEvent.type(within(dialog).getByLabelText('Name'), 'Nights')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save the queues' }))
    expect(await screen.findByText('The queues of Ada were saved.')).toBeTruthy()
    expect(screen.queryByText('Ada is in no queue any more.')).toBeNull()
  })

  it('is said nothing of seats that end while it is not known which, in either window', async () => {
    let broken = true
    const list = answers()[`GET ${account}/seats`]!
    answering(answers({ [`GET ${account}/seats`]: (sent) => (broken ? refusal(409, 'not_now', 'The list cannot be read.') : list(sent)) }))
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Edit queues' }))
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Remove the queue Front desk' }))
    expect(await within(screen.getByRole('dialog')).findByText('The list cannot be read.')).toBeTruthy()
    expect(within(screen.getByRole('dialog')).getByRole('button', { name: 'Save the queues' })).toHaveProperty('disabled', true)
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel' }))
    await userEvent.click(screen.getByRole('button', { name: 'Remove from all queues' }))
    const dialog = screen.getByRole('dialog')
    expect(await within(dialog).findByText('The list cannot be read.')).toBeTruthy()
    expect(within(dialog).queryByText(/No seat depends/)).toBeNull()
    const verb = within(dialog).getByRole('button', { name: 'Remove from all' })
    expect(verb).toHaveProperty('disabled', true)
    broken = false
    await userEvent.click(within(dialog).getByRole('button', { name: 'Try again' }))
    expect((await within(dialog).findByText(/^This seat will be free at once/)).textContent).toContain('Contact Center')
    expect(verb).toHaveProperty('disabled', false)
  })

  it('has queues that only who may change them is offered to change', async () => {
    answering(answers({ [`GET ${one}`]: () => ({ body: { ...ada, actions: [], queues: undefined }, headers: { ETag: '"7"' } }) }))
    open('fr', ['view'])
    expect(await screen.findByText('Dans aucune file d’attente')).toBeTruthy()
    for (const name of ['Modifier les files d’attente', 'Retirer de toutes les files d’attente']) expect(screen.queryByRole('button', { name })).toBeNull()
  })

  it('is deactivated under the tag that was read, after the list of seats that will be free', async () => {
    const sent = answering(answers({ [`PATCH ${one}`]: () => ({ body: { ...ada, state: 'deactivated', seats: [], freedSeats: ada.seats } }) }))
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByText('Deactivate'))
    const dialog = screen.getByRole('dialog')
    expect(within(dialog).getByRole('listitem').textContent).toContain('Contact Center')
    await userEvent.click(within(dialog).getByText('Deactivate'))
    expect(await screen.findByText('Ada is deactivated; 1 seat is free.')).toBeTruthy()
    const { headers, body } = sent.find(({ method }) => method === 'PATCH')!
    expect(headers.get('If-Match')).toBe('"7"')
    expect(body).toEqual({ state: 'deactivated' })
  })

  it('is edited by what was changed alone, and keeps what was typed when somebody else was quicker', async () => {
    const sent = answering(answers({ [`PATCH ${one}`]: () => refusal(412, 'stale', 'Somebody else changed her.') }))
    open()
    await screen.findByText('Contact Center')
    await userEvent.click(screen.getByText('Edit'))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByLabelText('Extension'), '42')
    await userEvent.click(within(dialog).getByText('Save'))
    expect(await within(dialog).findByText('Somebody else changed her.')).toBeTruthy()
    expect(within(dialog).getByLabelText('Extension')).toHaveProperty('value', '42')
    await waitFor(() => expect(sent.filter(({ method, path }) => method === 'GET' && path === one)).toHaveLength(2))
    expect(sent.find(({ method }) => method === 'PATCH')!.body).toEqual({ extension: '42' })
  })

  it('who was deactivated is erased by typing their address, and nothing is offered of who was erased', async () => {
    let state = 'deactivated'
    const sent = answering(
      answers({
        [`GET ${one}`]: () => ({ body: { ...ada, state, actions: state === 'deactivated' ? ['edit', 'reactivate', 'erase'] : [], seats: [], queues: [] }, headers: { ETag: '"7"' } }),
        [`POST ${one}/erasure`]: () => {
          state = 'erasing'
          return { status: 202, body: { ...ada, state } }
        },
      }),
    )
    open('en')
    await userEvent.click(await screen.findByRole('button', { name: 'Erase' }))
    const dialog = screen.getByRole('dialog')
    const verb = within(dialog).getByRole('button', { name: 'Erase' })
    await userEvent.type(within(dialog).getByRole('textbox'), 'ada@b.example')
    expect(verb).toHaveProperty('disabled', true)
    await userEvent.clear(within(dialog).getByRole('textbox'))
    await userEvent.type(within(dialog).getByRole('textbox'), 'Ada@a.example')
    await userEvent.click(verb)
    expect(await screen.findByText('Being erased')).toBeTruthy()
    const post = sent.find(({ method }) => method === 'POST')!
    expect(post.body).toEqual({ email: 'Ada@a.example' })
    expect(post.headers.get('Idempotency-Key')).toBeTruthy()
    for (const name of ['Edit', 'Reactivate', 'Erase']) expect(screen.queryByRole('button', { name })).toBeNull()
  })

  it('is offered what the API says that the reader may do with them, whatever else they may', async () => {
    answering(answers({ [`GET ${one}`]: () => ({ body: { ...ada, roles: ['super_administrator'], actions: ['edit', 'invite'] }, headers: { ETag: '"7"' } }) }))
    open()
    expect(await screen.findByRole('button', { name: 'Send the invitation again' })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Edit' })).toBeTruthy()
    for (const name of ['Deactivate', 'Reactivate', 'Erase']) expect(screen.queryByRole('button', { name })).toBeNull()
  })
})
