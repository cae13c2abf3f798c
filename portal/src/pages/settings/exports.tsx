import Button from '@cloudscape-design/components/button'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask, getExport, idempotencyKey, listExports, problemOf, startExport, type ExportWire, type Problem } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { usePage } from '../../app/use-page'

const looks: Record<ExportWire['state'], StatusIndicatorProps.Type> = { pending: 'pending', running: 'in-progress', ready: 'success', failed: 'error', expired: 'stopped' }

/** How long the list is shown before it is read again, while an export is under way. */
const pause = 5_000

/** The files of everything that the account has: who asked for one, how far it is, and the way to it. */
export function Exports() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const page = usePage<ExportWire>(['exports', accountId], ({ signal, ...paging }) => ask(listExports({ path: { accountId }, query: paging, signal })))
  const underWay = page.items.some(({ state }) => state === 'pending' || state === 'running')
  useEffect(() => {
    if (!underWay) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ['exports', accountId] }), pause)
    return () => clearInterval(timer)
  }, [underWay, queries, accountId])
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
    } catch (error) {
      key.refused(error)
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  const start = async () => {
    // What was begun before is another choice: the last export belongs to the key.
    await ask(startExport({ path: { accountId }, headers: idempotencyKey(key.of(page.items[0]?.id ?? '')) }))
    say({ type: 'success', content: t('settings.exports.started') })
    await queries.invalidateQueries({ queryKey: ['exports', accountId] })
  }
  // The link ends after minutes, so it is asked for when it is followed.
  const download = async (exportId: string) => {
    const { url } = await ask(getExport({ path: { accountId, exportId } }))
    if (url) window.location.assign(url)
    else await queries.invalidateQueries({ queryKey: ['exports', accountId] })
  }
  return (
    <>
      {problem && <ProblemAlert problem={problem} />}
      <ServerTable<ExportWire>
        headingLevel="h2"
        words={{ title: t('settings.exports'), description: t('settings.exports.detail'), empty: t('settings.exports.empty') }}
        page={page}
        actions={
          <Button onClick={() => void attempt(start)} loading={busy} disabled={underWay}>
            {t('settings.exports.start')}
          </Button>
        }
        columnDefinitions={[
          { id: 'created', header: t('settings.exports.column.created'), isRowHeader: true, cell: ({ createdAt }) => format.dateTime(createdAt) },
          { id: 'by', header: t('settings.exports.column.by'), cell: ({ by }) => by.name ?? t('settings.exports.operator') },
          { id: 'state', header: t('settings.exports.column.state'), cell: ({ state }) => <StatusIndicator type={looks[state]}>{t(`settings.exports.state.${state}`)}</StatusIndicator> },
          { id: 'size', header: t('settings.exports.column.size'), cell: ({ size }) => size && t('settings.exports.size', { size: format.number(Math.max(0.1, Math.round(size / 100_000) / 10)) }) },
          { id: 'expires', header: t('settings.exports.column.expires'), cell: ({ expiresAt }) => expiresAt && format.dateTime(expiresAt) },
          {
            id: 'file',
            header: t('settings.exports.column.file'),
            cell: ({ id, state, createdAt }) =>
              state === 'ready' && (
                <Button variant="inline-link" ariaLabel={`${t('settings.exports.download')} ${format.dateTime(createdAt)}`} onClick={() => void attempt(() => download(id))}>
                  {t('settings.exports.download')}
                </Button>
              ),
          },
        ]}
        ariaLabels={{ tableLabel: t('settings.exports') }}
      />
    </>
  )
}
