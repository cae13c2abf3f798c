import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { ask, listSeatsOfLine, Problem, removeSeat, type SeatListOutput, type SeatResultWire, type SeatWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { inQueues, KeptSeats, useSayKept } from './kept'
import { useFeatures, useSeatsChanged, type Line } from './line'
import { LeaveAll } from './queues'

/** Who sits on the line's seats. */
export function Seats({ line: { contract, product } }: { line: Line }) {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const known = useFeatures(accountId, product.id)
  // One that the catalog no longer has is named by its id.
  const named = (feature: string) => known.find(({ id }) => id === feature)?.name ?? feature
  const [leaving, setLeaving] = useState<SeatWire>()
  const path = { accountId, contractId: contract.id, productId: product.id }
  const page = usePage<SeatWire, SeatListOutput>(['seats', accountId, 'line', contract.id, product.id], ({ signal, ...paging }) => ask(listSeatsOfLine({ path, query: paging, signal })))
  return (
    <>
      <ServerTable<SeatWire>
        headingLevel="h2"
        words={{ title: t('product.seats'), empty: t('product.seats.empty'), emptyHint: t('product.seats.emptyHint') }}
        page={page}
        trackBy={({ user }) => user?.id ?? ''}
        columnDefinitions={[
          { id: 'user', header: t('product.column.user'), isRowHeader: true, minWidth: 170, cell: ({ user }) => user && <Link href={accountPath(accountId, 'users', user.id)}>{user.name}</Link> },
          { id: 'extension', header: t('product.column.extension'), minWidth: 100, cell: ({ user }) => user?.extension },
          { id: 'costCenter', header: t('product.column.costCenter'), minWidth: 140, cell: ({ costCenter }) => costCenter?.name },
          { id: 'features', header: t('product.column.features'), minWidth: 130, cell: ({ features }) => features.length > 0 && format.list(features.map(named)) },
          { id: 'addedAt', header: t('product.column.added'), minWidth: 130, cell: ({ addedAt }) => addedAt && format.dateTime(addedAt) },
          {
            id: 'actions',
            header: t('product.column.actions'),
            minWidth: 140,
            cell: (seat) =>
              seat.actions.includes('unassign') && (
                <Button variant="inline-link" onClick={() => setLeaving(seat)} ariaLabel={t('product.remove.of', { user: seat.user?.name ?? '' })}>
                  {t('product.remove')}
                </Button>
              ),
          },
        ]}
        ariaLabels={{ tableLabel: t('product.seats') }}
      />
      {leaving && <RemoveAccess seat={leaving} close={() => setLeaving(undefined)} />}
    </>
  )
}

/** Asks before somebody's seat is taken away. */
export function RemoveAccess({ seat, close, title, verb }: { seat: SeatWire; close: () => void; title?: string; verb?: string }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const sayKept = useSayKept()
  const changed = useSeatsChanged(accountId)
  const { product, contractId, user, costCenter } = seat
  const named = { user: user?.name ?? '', product: product.name }
  const person = { id: user?.id ?? '', name: named.user }
  const [kept, setKept] = useState<SeatResultWire>()
  const [leaving, setLeaving] = useState(false)
  const remove = async (): Promise<SeatResultWire | undefined> => {
    try {
      return (await ask(removeSeat({ path: { accountId, contractId, productId: product.id, userId: person.id } }))).result
    } catch (error) {
      // A derived seat stays as long as its queues: they are shown, with the step that leaves them.
      const results = error instanceof Problem && error.code === 'seat_derived' && error.members.results
      if (!Array.isArray(results) || results.length === 0) throw error
      setKept(results[0] as SeatResultWire)
    }
  }
  const confirm = async () => {
    const result = await remove()
    if (!result) return
    close()
    say({ type: 'success', content: t('product.removed', named) })
    if (result.derivedSeatsKept) sayKept(t('product.kept', { user: named.user }), result, person)
    await changed()
  }
  // The one window instead of the other: this one is as it was when the reader comes back.
  if (leaving) return <LeaveAll user={person} close={() => setLeaving(false)} done={close} />
  return (
    <Confirm title={title ?? t('product.remove.title')} verb={verb ?? t('product.remove')} disabled={kept !== undefined} confirm={confirm} close={close}>
      {kept && (
        <Alert type="warning" header={t('product.kept', { user: named.user })} action={inQueues(kept) && <Button onClick={() => setLeaving(true)}>{t('product.queues.leave')}</Button>}>
          <div role="alert">
            <KeptSeats result={kept} />
          </div>
        </Alert>
      )}
      {!kept && <div>{t('product.remove.detail', named)}</div>}
      {!kept && <div>{costCenter ? t('product.remove.stockOf', { costCenter: costCenter.name }) : t('product.remove.stock')}</div>}
    </Confirm>
  )
}
