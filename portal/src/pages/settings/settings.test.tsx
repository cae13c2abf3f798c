import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Settings from '.'

const path = `/v1/accounts/${accountId}`
const account = { id: accountId, name: 'Ateliers', timeZone: 'Europe/Paris', locale: 'fr', currency: 'EUR', edition: 'standard', representative: { name: 'Rachel Reed' } }
const answers: Answers = { [`GET ${path}`]: () => ({ body: account, headers: { ETag: '"2"' } }) }

describe('account settings', () => {
  it('are read by members, who are offered no change', async () => {
    answering(answers)
    show(<Settings />, { language: 'fr' })
    expect(await screen.findByText('Europe/Paris')).toBeTruthy()
    expect(screen.getByText('Aucun partenaire.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Modifier' })).toBeNull()
  })

  it('are changed by operators against the revision that was read; a refusal keeps what was typed', async () => {
    const sent = answering({ ...answers, [`PATCH ${path}`]: () => refusal(412, 'stale', 'Somebody else changed it.') })
    show(<Settings />, { permissions: ['view', 'manage_accounts'] })
    await userEvent.click(await screen.findByRole('button', { name: 'Change' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Edition' }), '-plus')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(await within(dialog).findByText('Somebody else changed it.')).toBeTruthy()
    const patch = sent.find(({ method }) => method === 'PATCH')!
    expect(patch.headers.get('If-Match')).toBe('"2"')
    expect(patch.body).toEqual({ edition: 'standard-plus' })
    expect(within(dialog).getByRole<HTMLInputElement>('textbox', { name: 'Edition' }).value).toBe('standard-plus')
  })

  it('everything is exported, once at a time, and the file is opened by a fresh link', async () => {
    const by = { kind: 'member', id: 'usr_1', name: 'Zoé' }
    let items: object[] = [{ id: 'exp_1', state: 'ready', by, createdAt: '2026-11-20T09:00:00Z', size: 1_550_000, expiresAt: '2026-11-27T09:00:00Z' }]
    const assign = vi.fn()
    vi.stubGlobal('location', { ...window.location, assign })
    const sent = answering({
      ...answers,
      [`GET ${path}/exports`]: () => ({ body: { items } }),
      [`GET ${path}/exports/exp_1`]: () => ({ body: { ...items[0], url: 'https://files.example/1' } }),
      [`POST ${path}/exports`]: () => {
        items = [{ id: 'exp_2', state: 'pending', by: { kind: 'operator' }, createdAt: '2026-11-21T09:00:00Z' }, ...items]
        return { status: 202, body: items[0] }
      },
    })
    show(<Settings />, { permissions: ['view', 'manage_data'] })
    expect(await screen.findByText('1.6 MB')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: /^Download/ }))
    await waitFor(() => expect(assign).toHaveBeenCalledWith('https://files.example/1'))
    await userEvent.click(screen.getByRole('button', { name: 'Export everything' }))
    expect(await screen.findByText('Waiting')).toBeTruthy()
    expect(sent.find(({ method }) => method === 'POST')!.headers.get('Idempotency-Key')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Export everything' })).toHaveProperty('disabled', true)
  })

  it('exports are not shown to who may not take everything away', async () => {
    const sent = answering(answers)
    show(<Settings />, { permissions: ['view', 'manage_users'] })
    expect(await screen.findByText('Europe/Paris')).toBeTruthy()
    expect(screen.queryByText('Exports')).toBeNull()
    expect(sent.some(({ path: asked }) => asked.endsWith('/exports'))).toBe(false)
  })
})
