import { vi } from 'vitest'

/** A request as it was sent. */
export type Sent = { method: string; path: string; query: URLSearchParams; headers: Headers; body: unknown }

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }
/** Throwing a TypeError in one is a network that fails. */
export type Answers = Record<string, (sent: Sent) => Answer | Promise<Answer>>

/** Stands in for the API: `{'GET /v1/me': () => ({body: …})}`. What no line answers fails the test by a 500. Gives what was sent, in order. */
export function answering(answers: Answers): Sent[] {
  const all: Sent[] = []
  vi.stubGlobal('fetch', async (input: Request) => {
    const url = new URL(input.url)
    const text = await input.clone().text()
    const sent: Sent = { method: input.method, path: url.pathname, query: url.searchParams, headers: input.headers, body: bodyOf(text, input.headers.get('Content-Type')) }
    all.push(sent)
    const answer = answers[`${sent.method} ${sent.path}`]
    if (!answer) return new Response(JSON.stringify({ code: 'no_answer', detail: `${sent.method} ${sent.path}`, status: 500 }), { status: 500 })
    const { status = 200, body, headers = {} } = await answer(sent)
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': type, ...headers } })
  })
  return all
}

function bodyOf(text: string, type: string | null): unknown {
  if (text === '') return undefined
  return type?.includes('json') ? (JSON.parse(text) as unknown) : text
}

/** A refusal as the API words it. */
export const refusal = (status: number, code: string, detail: string, members: object = {}): Answer => ({
  status,
  body: { type: `urn:seatkeeper:problem:${code}`, title: 'Refused', status, code, detail, instance: 'req-1', ...members },
})
