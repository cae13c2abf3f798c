import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../api/client'
import { answering, refusal, type Answers } from '../testing/answers'
import { accountId } from '../testing/render'
import { holding } from '../testing/timers'
import { App } from './app'
import type { Session } from './session'
import { pause } from './use-search'
// Loaded before a test waits for them.
import '../pages/contracts'
import '../pages/systems'
import '../texts/en'

const inside = `/v1/accounts/${accountId}`
const mine = { kind: 'member', roles: ['administrator'], permissions: ['view', 'manage_systems'], account: { id: accountId, name: 'Ateliers' }, today: '2026-11-21', now: '2026-11-21T09:00:00Z' }
const answers: Answers = {
  'GET /v1/me': () => ({ body: { name: 'Adèle Martin', language: 'en', operator: false, muted: [], accounts: [{ id: accountId, name: 'Ateliers' }] } }),
  [`GET ${inside}/me`]: () => ({ body: mine }),
  [`GET ${inside}`]: () => ({ body: { id: accountId, name: 'Ateliers', timeZone: 'Europe/Paris', locale: 'en', currency: 'EUR', edition: 'standard', representative: {} }, headers: { ETag: '"1"' } }),
}

function open(path: string, more: Answers, again = () => Promise.resolve(false)) {
  answering({ ...answers, ...more })
  window.history.replaceState(null, '', path)
  connect(
    () => 'token',
    () => 'en',
  )
  const begin = vi.fn(() => Promise.resolve())
  render(<App session={{ begin, again, token: () => 'token' } as unknown as Session} />)
  return begin
}
afterEach(() => window.history.replaceState(null, '', '/'))

// Texts and pages are loaded on demand here too.
const soon = { timeout: 60_000 }

// How long a page waits for its first answer, as in routes.tsx.
const longest = 2_000

describe('the portal', () => {
  it('asks to sign in again where the session has ended, and comes back to the same page', async () => {
    const begin = open(`/accounts/${accountId}/contracts?x=1`, { [`GET ${inside}/contracts`]: () => refusal(401, 'unauthorized', 'Your session has ended.') })
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in again' }, soon))
    await waitFor(() => expect(begin).toHaveBeenCalledWith(`/accounts/${accountId}/contracts?x=1`, 'en'))
  })

  it('keeps what was typed where the session ends before it is sent', async () => {
    const contract = { id: 'ctr_1', name: 'Lyon', crmId: '800', status: 'active', expiryDate: '2027-01-01', systems: { mapped: 1, purchased: 1, state: 'full' } }
    open(`/accounts/${accountId}/contracts`, { [`GET ${inside}/contracts`]: ({ query }) => (query.get('q') ? refusal(401, 'unauthorized', 'Your session has ended.') : { body: { items: [contract] } }) })
    const search = await screen.findByRole<HTMLInputElement>('searchbox', undefined, soon)
    const typing = holding(pause)
    await userEvent.type(search, 'lyon')
    typing.end()
    await screen.findByRole('button', { name: 'Sign in again' })
    expect(search.value).toBe('lyon')
  })

  it('signs in again on the page as it stands where the issuer allows that, and goes on', async () => {
    const contract = { id: 'ctr_1', name: 'Lyon', crmId: '800', status: 'active', expiryDate: '2027-01-01', systems: { mapped: 1, purchased: 1, state: 'full' } }
    let ended = true
    const begin = open(
      `/accounts/${accountId}/contracts`,
      { [`GET ${inside}/contracts`]: ({ query }) => (query.get('q') && ended ? refusal(401, 'unauthorized', 'Your session has ended.') : { body: { items: [query.get('q') ? { ...contract, name: 'Lyon found' } : contract] } }) },
      () => {
        ended = false
        return Promise.resolve(true)
      },
    )
    const search = await screen.findByRole<HTMLInputElement>('searchbox', undefined, soon)
    const typing = holding(pause)
    await userEvent.type(search, 'lyon')
    typing.end()
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in again' }))
    expect(await screen.findByText('Lyon found')).toBeTruthy()
    expect(search.value).toBe('lyon')
    expect(begin).not.toHaveBeenCalled()
  })

  it('shows a page once its first answer is there, and one that waits for long as it is', async () => {
    const contract = { id: 'ctr_1', name: 'Lyon', crmId: '800', status: 'active', expiryDate: '2027-01-01', systems: { mapped: 1, purchased: 1, state: 'full' } }
    const unanswered = () => document.querySelector('#content .unanswered')
    const waiting = holding(longest)
    let answer: (() => void) | undefined
    const later = () => new Promise<object>((done) => (answer = () => done({ body: { items: [contract] } })))
    open(`/accounts/${accountId}/contracts`, { [`GET ${inside}/contracts`]: later, [`GET ${inside}/systems`]: later })
    await waitFor(() => expect(answer).toBeDefined(), soon)
    expect(unanswered()).not.toBeNull()
    answer?.()
    await screen.findByText('Lyon', undefined, soon)
    await waitFor(() => expect(unanswered()).toBeNull())

    answer = undefined
    await userEvent.click(screen.getByRole('link', { name: 'Unmapped systems' }))
    await waitFor(() => expect(answer).toBeDefined(), soon)
    expect(unanswered()).not.toBeNull()
    waiting.end()
    await waitFor(() => expect(unanswered()).toBeNull(), soon)
    expect(document.querySelector('#content .waiting')).toBeNull()
    expect(screen.getByRole('heading', { name: 'Unmapped systems' })).toBeTruthy()
  })

  it('stays whole around a page that breaks: the reader has a way out', async () => {
    // React says on the console what it caught.
    vi.mocked(console.error).mockImplementation(() => undefined)
    vi.mocked(console.warn).mockImplementation(() => undefined)
    open(`/accounts/${accountId}/contracts`, { [`GET ${inside}/contracts`]: () => ({ body: { items: [null] } }), [`GET ${inside}/systems`]: () => ({ body: { items: [] } }) })
    await screen.findByText('This page could not be shown', undefined, soon)
    await userEvent.click(screen.getByRole('link', { name: 'Unmapped systems' }))
    await waitFor(() => expect(screen.queryByText('This page could not be shown')).toBeNull())
    expect(await screen.findByRole('heading', { name: 'Unmapped systems' })).toBeTruthy()
  })
})
