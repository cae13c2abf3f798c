import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { problemOf, type Problem } from '../api/client'

/** Rows that are asked for at once. */
export const pageSize = 50

// An answer may be shorter than asked, and then even empty, while there is more; so many of those are gone through unseen.
const mostEmpty = 20

export type Listing<T> = { items: T[]; nextPageToken?: string }

export type PageOf<T, L extends Listing<T> = Listing<T>> = {
  items: T[]
  /** The answer itself, for what stands beside its items: a banner, `truncated`. */
  answer: L | undefined
  loading: boolean
  problem: Problem | undefined
  retry: () => void
  /** From 1 on. */
  number: number
  /** Pages that are known of. */
  known: number
  hasNext: boolean
  go: (number: number) => void
}

type Reading = { pageSize: number; pageToken?: string; signal: AbortSignal }

/**
 * One page of a list, by token, with a way back. `key` says what is listed: its noun, the account, and all of the query; when it changes,
 * the list begins anew, and an answer to the old query is dropped.
 */
export function usePage<T, L extends Listing<T> = Listing<T>>(key: readonly unknown[], read: (reading: Reading) => Promise<L>, enabled = true): PageOf<T, L> {
  const name = JSON.stringify(key)
  const [place, setPlace] = useState<{ name: string; tokens: (string | undefined)[]; at: number }>({ name, tokens: [undefined], at: 0 })
  const here = place.name === name ? place : { name, tokens: [undefined], at: 0 }
  const token = here.tokens[here.at]
  const query = useQuery({
    queryKey: [...key, { pageToken: token ?? null }],
    queryFn: ({ signal }) => readOn<T, L>(read, token, signal),
    placeholderData: here.at > 0 ? keepPreviousData : undefined,
    enabled,
  })
  // Rows are much to draw at once: deferred, React does it in slices. Until they are drawn the list is as if it were still on its way.
  const data = useDeferredValue(query.data)
  const drawing = data === undefined && query.data !== undefined
  const next = query.isPlaceholderData ? undefined : query.data?.nextPageToken
  const known = Math.max(here.tokens.length, here.at + (next ? 2 : 1))
  const go = (number: number) => {
    const at = number - 1
    if (at === here.at + 1 && next) setPlace({ name, at, tokens: [...here.tokens.slice(0, at), next] })
    else if (at >= 0 && at < here.tokens.length) setPlace({ ...here, at })
  }
  return {
    items: data?.items ?? [],
    answer: data,
    loading: enabled && (query.isPending || query.isPlaceholderData || drawing),
    problem: query.error ? problemOf(query.error) : undefined,
    retry: () => void query.refetch(),
    number: here.at + 1,
    known,
    hasNext: next !== undefined,
    go,
  }
}

async function readOn<T, L extends Listing<T>>(read: (reading: Reading) => Promise<L>, from: string | undefined, signal: AbortSignal): Promise<L> {
  let pageToken = from
  for (let empty = 0; ; empty++) {
    const answer = await read({ pageSize, pageToken, signal })
    if (answer.items.length > 0 || !answer.nextPageToken || empty === mostEmpty) return answer
    pageToken = answer.nextPageToken
  }
}
