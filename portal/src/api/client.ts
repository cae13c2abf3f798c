// The one way to the API: who is asking, in which language, and what a refusal is.
import { client } from './generated/client.gen'
import { problemOf } from './problem'

export * from './generated'
export { Problem, problemOf, type Kind, type Wrong } from './problem'

/** Connects the client with the session and the language, both of which change while the portal is open. */
export function connect(token: () => string | undefined, language: () => string): void {
  client.setConfig({ baseUrl: window.location.origin, auth: token })
  client.interceptors.request.clear()
  client.interceptors.request.use((request) => {
    request.headers.set('Accept-Language', language())
    return request
  })
}

type Result<T> = Promise<({ data: T; error: undefined } | { data: undefined; error: unknown }) & { response?: Response }>

/** The body of an answer; a refusal is thrown as a Problem. */
export async function ask<T>(result: Result<T>): Promise<T> {
  return (await askWithTag(result)).data
}

/** The body of an answer with its ETag, to be sent back as If-Match by whoever changes the thing. */
export async function askWithTag<T>(result: Result<T>): Promise<{ data: T; tag: string }> {
  const { data, error, response } = await result
  if (!response || !response.ok) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw problemOf(error, response)
  }
  return { data: data as T, tag: response.headers.get('ETag') ?? '' }
}

/** The header that makes a change safe against what somebody else changed since it was read. */
export const ifMatch = (tag: string) => ({ 'If-Match': tag })

/** The header by which a repeat of a request is known for one. Make the key when the window opens, not when it is sent. */
export const idempotencyKey = (key: string) => ({ 'Idempotency-Key': key })

/** A new key. */
export const newKey = (): string => crypto.randomUUID()
