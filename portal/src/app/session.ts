import { InMemoryWebStorage, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import type { Config } from './config'

/** Where the issuer sends a reader back to, after signing in and after signing out. */
export const signedInPath = '/signed-in'
export const signedOutPath = '/signed-out'

const absolute = (address: string) => new URL(address, window.location.origin).href

/**
 * Who is signed in. Tokens are in memory alone; a reload goes once through the issuer, which remembers its own session. What is in
 * the session storage is the verifier of a sign-in that is on its way.
 */
export class Session {
  private user: User | undefined
  private renewing: Promise<boolean> | undefined
  private readonly manager: UserManager

  constructor(private readonly config: Config) {
    this.manager = new UserManager({
      authority: config.issuer,
      client_id: config.clientId,
      redirect_uri: absolute(signedInPath),
      scope: config.scope,
      response_type: 'code',
      metadata: {
        issuer: config.issuer,
        authorization_endpoint: absolute(config.authorizationEndpoint),
        token_endpoint: absolute(config.tokenEndpoint),
      },
      userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
      stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
      automaticSilentRenew: false,
      loadUserInfo: false,
      monitorSession: false,
    })
    this.manager.events.addAccessTokenExpiring(() => void this.again())
  }

  /** The API takes the ID token: it says who, and the API itself knows what they may do. */
  token = (): string | undefined => this.user?.id_token

  /** Leaves for the issuer, which sends the reader back to where they wanted to go. */
  async begin(to: string, language: string): Promise<void> {
    await this.manager.signinRedirect({ state: { to }, ui_locales: language })
  }

  /** Takes the issuer's answer; gives the path that the reader wanted. */
  async complete(): Promise<string> {
    this.user = await this.manager.signinCallback(window.location.href)
    if (!this.user?.id_token) throw new Error('no ID token')
    const to = (this.user.state as { to?: string } | undefined)?.to
    // The path alone, so that no state of a stranger's leads elsewhere.
    return to?.startsWith('/') && !to.startsWith('//') ? to : '/'
  }

  /** Ends the issuer's session too. */
  async end(): Promise<void> {
    this.user = undefined
    await this.manager.removeUser()
    const { signOutEndpoint, signOutParameter, clientId } = this.config
    if (!signOutEndpoint) {
      window.location.assign(signedOutPath)
      return
    }
    const address = new URL(signOutEndpoint, window.location.origin)
    address.searchParams.set('client_id', clientId)
    address.searchParams.set(signOutParameter ?? 'post_logout_redirect_uri', absolute(signedOutPath))
    window.location.assign(address)
  }

  /**
   * Signs in again without leaving the page, where the issuer gave a refresh token and still takes it, so that what was typed stays.
   * It happens by itself before the tokens run out; a page that slept then is asked by its reader. Tells whether they are new.
   */
  again(): Promise<boolean> {
    // A refresh token may serve once: who asks meanwhile waits for the same answer.
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined))
    return this.renewing
  }

  private async renew(): Promise<boolean> {
    if (!this.user?.refresh_token) return false
    try {
      const renewed = await this.manager.signinSilent()
      if (!renewed?.id_token) return false
      this.user = renewed
      return true
    } catch (error) {
      console.warn('sign-in was not renewed', error)
      return false
    }
  }
}
