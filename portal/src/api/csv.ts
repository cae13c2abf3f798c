import { problemOf } from './problem'

type Answer = Promise<{ data?: unknown; error?: unknown; response?: Response }>

/** What makes an operation answer as CSV. */
export const asCsv = { headers: { Accept: 'text/csv' }, parseAs: 'text' as const }

/** Rows that are asked for at once. */
export const csvRows = 1000

/** A whole list as one CSV file: each page has the titles, and names the next one in its Link header. */
export async function wholeCsv(read: (pageToken: string | undefined) => Answer): Promise<string> {
  let whole = ''
  for (let token: string | undefined; ; ) {
    const { data, error, response } = await read(token)
    if (!response?.ok) throw error instanceof DOMException ? error : problemOf(error, response)
    const text = typeof data === 'string' ? data : ''
    whole += whole === '' ? text : text.slice(text.indexOf('\n') + 1)
    token = nextToken(response.headers.get('Link'))
    if (!token) return whole
  }
}

function nextToken(link: string | null): string | undefined {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return address ? (new URL(address, window.location.origin).searchParams.get('pageToken') ?? undefined) : undefined
}

/** Gives the reader a file. A spreadsheet takes UTF-8 for what it is by its byte order mark alone. */
export function download(name: string, csv: string): void {
  const address = URL.createObjectURL(new Blob([csv.startsWith('\ufeff') ? csv : `\ufeff${csv}`], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Some browsers read it only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
