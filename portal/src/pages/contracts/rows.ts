import { useQueries, keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, listSystemsOfContract, type ContractWire, type SystemWire } from '../../api/client'

/** The table's rows: a contract, and below it the systems that are mapped to it. */
export type Row = { kind: 'contract'; id: string; contract: ContractWire } | { kind: 'system'; id: string; system: SystemWire; contract: ContractWire }

export type Systems = { items: SystemWire[]; status: 'pending' | 'loading' | 'error' | 'finished' }

const none: Systems = { items: [], status: 'finished' }
const pageSize = 200

/** The systems of the contracts that are open, each asked for when its row opens, and on when the reader asks for more. */
export function useOpenRows(accountId: string) {
  // How many pages of each open contract are wanted.
  const [open, setOpen] = useState<Record<string, number>>({})
  const ids = Object.keys(open)
  const answers = useQueries({
    queries: ids.map((contractId) => ({
      queryKey: ['systems', accountId, 'of', contractId, open[contractId]],
      queryFn: ({ signal }: { signal: AbortSignal }) => read(accountId, contractId, open[contractId] ?? 1, signal),
      placeholderData: keepPreviousData,
    })),
  })
  const systems = (contractId: string): Systems => {
    const answer = answers[ids.indexOf(contractId)]
    if (!answer) return none
    const items = answer.data?.items ?? []
    if (answer.isError) return { items, status: 'error' }
    if (answer.isPending || answer.isPlaceholderData) return { items, status: 'loading' }
    return { items, status: answer.data.more ? 'pending' : 'finished' }
  }
  const toggle = (contractId: string, opened: boolean) =>
    setOpen(({ [contractId]: before, ...others }) => (opened ? { ...others, [contractId]: before ?? 1 } : others))
  const more = (contractId: string) => setOpen((all) => ({ ...all, [contractId]: (all[contractId] ?? 0) + 1 }))
  const retry = (contractId: string) => void answers[ids.indexOf(contractId)]?.refetch()
  return { ids, systems, toggle, more, retry }
}

async function read(accountId: string, contractId: string, pages: number, signal: AbortSignal): Promise<{ items: SystemWire[]; more: boolean }> {
  const items: SystemWire[] = []
  let pageToken: string | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await ask(listSystemsOfContract({ path: { accountId, contractId }, query: { pageSize, pageToken }, signal }))
    items.push(...answer.items)
    pageToken = answer.nextPageToken
    if (!pageToken) break
  }
  return { items, more: pageToken !== undefined }
}
