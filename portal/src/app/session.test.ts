import { User, UserManager } from 'oidc-client-ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Session } from './session'

const config = { issuer: 'https://issuer.example', clientId: 'portal', scope: 'openid', authorizationEndpoint: '/authorize', tokenEndpoint: '/token' }
const user = (id_token: string, refresh_token?: string) =>
  new User({ id_token, refresh_token, access_token: 'access', token_type: 'Bearer', profile: { sub: 'ada', iss: config.issuer, aud: 'portal', exp: 2, iat: 1 } })

async function signedIn(refresh?: string): Promise<Session> {
  vi.spyOn(UserManager.prototype, 'signinCallback').mockResolvedValue(user('first', refresh))
  const session = new Session(config)
  await session.complete()
  return session
}
afterEach(() => vi.restoreAllMocks())

describe('a session that has ended', () => {
  it('begins again without leaving the page, once for all who ask', async () => {
    const silent = vi.spyOn(UserManager.prototype, 'signinSilent').mockResolvedValue(user('second', 'refresh 2'))
    const session = await signedIn('refresh')
    expect(await Promise.all([session.again(), session.again()])).toEqual([true, true])
    expect(session.token()).toBe('second')
    expect(silent).toHaveBeenCalledTimes(1)
    await session.again()
    expect(silent).toHaveBeenCalledTimes(2)
  })

  it('cannot where the issuer gave nothing to do so with, or takes it no longer', async () => {
    const silent = vi.spyOn(UserManager.prototype, 'signinSilent').mockRejectedValue(new Error('invalid_grant'))
    expect(await (await signedIn()).again()).toBe(false)
    expect(silent).not.toHaveBeenCalled()
    vi.mocked(console.warn).mockImplementation(() => undefined)
    const session = await signedIn('refresh')
    expect(await session.again()).toBe(false)
    expect(session.token()).toBe('first')
  })
})
