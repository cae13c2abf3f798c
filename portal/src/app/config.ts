/** Where one signs in. Addresses may be relative to the portal's own origin. */
export type Config = {
  issuer: string
  clientId: string
  scope: string
  authorizationEndpoint: string
  tokenEndpoint: string
  /** Left out where the issuer keeps no session that could be ended. */
  signOutEndpoint?: string
  /** The name of its parameter for the address to come back to. */
  signOutParameter?: string
}

export async function loadConfig(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' })
  if (!answer.ok) throw new Error(`/config.json: ${answer.status}`)
  return (await answer.json()) as Config
}
