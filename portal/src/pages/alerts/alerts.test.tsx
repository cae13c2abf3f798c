import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import Alerts from '.'

const list = `GET /v1/accounts/${accountId}/alerts`
const alert = { kind: 'usage_full', severity: 'critical', contract: { id: 'ctr_1', name: 'Lyon' }, product: { id: 'fax', name: 'Fax' }, contact: { name: 'Rachel Reed', email: 'rachel@vendor.example' }, detail: 'Nothing is free.' }

describe('alerts', () => {
  it('say what it is, how much it matters, and whom to contact', async () => {
    answering({ [list]: () => ({ body: { items: [alert] } }) })
    show(<Alerts />, { language: 'fr' })
    const row = (await screen.findByText('Nothing is free.')).closest('tr')!
    expect(row.textContent).toContain('Critique')
    expect(row.textContent).toContain('Lyon')
    expect(screen.getByRole('link', { name: 'rachel@vendor.example' })).toBeTruthy()
  })

  it('are none when there is nothing to see to', async () => {
    answering({ [list]: () => ({ body: { items: [] } }) })
    show(<Alerts />)
    expect(await screen.findByText('No alerts')).toBeTruthy()
  })
})

describe('alert mails', () => {
  it('are muted for the reader, together with those that they muted before', async () => {
    const sent = answering({ [list]: () => ({ body: { items: [] } }), 'PATCH /v1/me': ({ body }) => ({ body }) })
    show(<Alerts />, { me: { muted: ['systems_over'] } })
    await userEvent.click(screen.getByRole('checkbox', { name: /Use at 80 %/ }))
    await waitFor(() => expect(sent.find(({ method }) => method === 'PATCH')?.body).toEqual({ muted: ['usage80', 'systems_over'] }))
  })

  it('stay as they were when that is refused, in words', async () => {
    answering({ [list]: () => ({ body: { items: [] } }), 'PATCH /v1/me': () => refusal(503, 'busy', 'Try again in a moment.') })
    show(<Alerts />)
    const toggle = screen.getByRole<HTMLInputElement>('checkbox', { name: /Use at 80 %/ })
    await userEvent.click(toggle)
    expect(await screen.findByText('Try again in a moment.')).toBeTruthy()
    expect(toggle.checked).toBe(true)
  })
})
