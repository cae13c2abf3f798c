import { useQuery } from '@tanstack/react-query'
import { ask, listUsageHistory, type ContractHistoryWire } from '../../api/client'
import { useAccount } from '../../app/account'

/** How full a product was at the end of a day: of one line, or of all its lines together. */
export type Day = { date: string; used: number; limit?: number }

/** The most answers that are put together; the API says how many lines one holds. */
const mostPages = 10

export type History = { days: Day[]; /** There are more lines than are counted here. */ more: boolean }

/** The use of a product over the last 90 days, of all its contracts or of one. */
export function useHistory(productId: string, contractId?: string) {
  const { id: accountId } = useAccount()
  return useQuery({
    queryKey: ['usage', accountId, 'history', productId, contractId ?? null],
    queryFn: async ({ signal }): Promise<History> => {
      const lines: ContractHistoryWire[] = []
      let pageToken: string | undefined
      let pages = 0
      do {
        const page = await ask(listUsageHistory({ path: { accountId }, query: { productId, contractId, pageToken }, signal }))
        lines.push(...page.items)
        pageToken = page.nextPageToken
        pages++
      } while (pageToken && pages < mostPages)
      return { days: summed(lines), more: pageToken !== undefined }
    },
    staleTime: 60_000,
  })
}

/** Lines day by day together. Where no line has a limit, there is none; a line without one adds nothing to that of the others. */
export function summed(lines: Pick<ContractHistoryWire, 'points'>[]): Day[] {
  const days = new Map<string, Day>()
  for (const { date, used, limit } of lines.flatMap(({ points }) => points)) {
    const day = days.get(date) ?? { date, used: 0 }
    day.used += used
    if (limit !== undefined) day.limit = (day.limit ?? 0) + limit
    days.set(date, day)
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** The days on which something changed, the latest first. */
export const changes = (days: Day[]): Day[] => days.filter((day, i) => i === 0 || day.used !== days[i - 1]?.used || day.limit !== days[i - 1]?.limit).reverse()
