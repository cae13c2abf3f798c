import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
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
})
