import type { Problem as Wire } from './generated'

/** What kind of thing went wrong, as far as it changes what the reader can do about it. */
export type Kind = 'session' | 'forbidden' | 'missing' | 'conflict' | 'invalid' | 'busy' | 'network' | 'broken'

/** Wrong is one value that the API does not take. */
export type Wrong = NonNullable<Wire['errors']>[number]

/**
 * A refusal of the API, or no answer at all. `title` and `detail` are the API's own words in the reader's language; they
 * are empty where the answer was none of the API's, and then the kind has words in the catalog.
 */
export class Problem extends Error {
  readonly kind: Kind
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: Wrong[]
  /** The request's id, for support. */
  readonly instance: string
  /** The further members, such as `available` and `requested`. */
  readonly members: Record<string, unknown>

  constructor(status: number, body: Partial<Wire> & Record<string, unknown>) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? ''
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.errors = body.errors ?? []
    this.instance = body.instance ?? ''
    this.members = body
    this.kind = kindOf(status, this.code)
  }
}

function kindOf(status: number, code: string): Kind {
  if (status === 0) return 'network'
  // Without a code the gateway itself refused the token: it knows no rights, only whether a token is good.
  if (status === 401 || (status === 403 && code === '')) return 'session'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'missing'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 400 || status === 413 || status === 415 || status === 422 || status === 428) return 'invalid'
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy'
  return 'broken'
}

/** Whatever was thrown, as a problem. An aborted request stays what it is: nobody waits for it any more. */
export function problemOf(error: unknown, response?: Response): Problem {
  if (error instanceof Problem) return error
  const body = typeof error === 'object' && error !== null && !(error instanceof Error) ? (error as Record<string, unknown>) : {}
  if (response) return new Problem(response.status, body)
  if (error instanceof TypeError) return new Problem(0, {})
  return new Problem(-1, {})
}
