import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import PermissionSets from '.'

const path = `/v1/accounts/${accountId}/permission-sets`
const sets: Answers = {
  [`GET ${path}`]: () => ({
    body: {
      items: [
        { id: 'set_1', name: 'Desk', permissions: ['view', 'manage_users'] },
        { id: 'set_2', name: 'Money', permissions: ['manage_billing'] },
      ],
    },
    headers: { ETag: '"4"' },
  }),
}

describe('permission sets', () => {
  it('are made with a key that a repeat sends again, and keep what was typed', async () => {
    let fails = true
    const sent = answering({ ...sets, [`POST ${path}`]: ({ body }) => (fails ? refusal(503, 'busy', 'Try again in a moment.') : { status: 201, body: { id: 'set_3', ...(body as object) } }) })
    show(<PermissionSets />)
    await userEvent.click(await screen.findByRole('button', { name: 'Create a permission set' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'Buyers')
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /Manage licences/ }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(await within(dialog).findByText('Try again in a moment.')).toBeTruthy()
    fails = false
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Buyers is saved.')).toBeTruthy()
    const posts = sent.filter(({ method }) => method === 'POST')
    expect(posts[1]!.body).toEqual({ name: 'Buyers', permissions: ['view', 'manage_licences'] })
    expect(posts[0]!.headers.get('Idempotency-Key')).toBe(posts[1]!.headers.get('Idempotency-Key'))
  })

  it('are deleted against the revision that was read', async () => {
    const sent = answering({ ...sets, [`DELETE ${path}/set_1`]: () => ({ status: 204 }) })
    show(<PermissionSets />, { language: 'fr' })
    await userEvent.click(await screen.findByRole('button', { name: 'Supprimer Desk' }))
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Supprimer' }))
    expect(await screen.findByText('Desk est supprimé.')).toBeTruthy()
    await waitFor(() => expect(sent.find(({ method }) => method === 'DELETE')!.headers.get('If-Match')).toBe('"4"'))
  })

  it('offer nothing that the reader may not do, nor sets with more rights than theirs', async () => {
    answering(sets)
    show(<PermissionSets />, { permissions: ['view', 'manage_users'] })
    expect(await screen.findByRole('button', { name: 'Change Desk' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Change Money' })).toBeNull()
    show(<PermissionSets />, { permissions: ['view'] })
    await screen.findAllByText('Money')
    expect(screen.getAllByRole('button', { name: 'Create a permission set' })).toHaveLength(1)
  })
})
