import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Users from '.'

const list = `/v1/accounts/${accountId}/users`
const answers: Answers = {
  [`GET ${list}`]: () => ({ body: { items: [{ id: 'usr_1', name: 'Ada', email: 'ada@a.example', roles: ['administrator'], permissionSetIds: [], state: 'deactivated' }] } }),
  [`GET /v1/accounts/${accountId}/permission-sets`]: () => ({ body: { items: [] } }),
}

describe('users', () => {
  it('show roles and state in words, and are searched by the server', async () => {
    const sent = answering(answers)
    show(<Users />, { language: 'fr', permissions: ['view'] })
    const row = (await screen.findByText('Ada')).closest('tr')!
    expect(row.textContent).toContain('Administrateur')
    expect(row.textContent).toContain('Désactivé')
    expect(screen.queryByText('Ajouter un utilisateur')).toBeNull()
    await userEvent.type(screen.getByRole('searchbox'), 'ad')
    await waitFor(() => expect(sent.at(-1)!.query.get('q')).toBe('ad'))
  })

  it('are added; a refusal is shown and what was typed stays', async () => {
    let refused = true
    const sent = answering({ ...answers, [`POST ${list}`]: () => (refused ? refusal(409, 'email_taken', 'Ada has this address.') : { status: 201, body: { id: 'usr_2', name: 'Bob', email: 'bob@a.example' } }) })
    show(<Users />)
    await userEvent.click(await screen.findByText('Add a user'))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByLabelText('Name'), 'Bob')
    await userEvent.type(within(dialog).getByLabelText('E-mail'), 'bob@a.example')
    await userEvent.click(within(dialog).getByText('Add and invite'))
    expect(await within(dialog).findByText('Ada has this address.')).toBeTruthy()
    expect(within(dialog).getByLabelText('Name')).toHaveProperty('value', 'Bob')
    refused = false
    await userEvent.click(within(dialog).getByText('Add and invite'))
    expect(await screen.findByText('Bob was added. An invitation is on its way to bob@a.example.')).toBeTruthy()
    const keys = sent.filter(({ method }) => method === 'POST').map(({ headers }) => headers.get('Idempotency-Key'))
    expect(keys[0]).not.toBe(keys[1])
  })
})
