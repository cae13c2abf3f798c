import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { ask, changeSeatsOfUser, idempotencyKey, Problem, type ChangeSeatsOfUserBody, type SeatResultWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { inQueues, KeptSeats, useSayKept } from '../product/kept'
import { useSeatsChanged } from '../product/line'
import type { Person } from './person'

const good: SeatResultWire['result'][] = ['assigned', 'changed', 'removed', 'unchanged']

/** Changes a person's products and says what became of each. Gives those that were refused; empty: all went well. */
export function useChange(person: Person) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const sayKept = useSayKept()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  const [refused, setRefused] = useState<SeatResultWire[]>([])
  const change = async (body: ChangeSeatsOfUserBody): Promise<SeatResultWire[]> => {
    setRefused([])
    let results: SeatResultWire[]
    try {
      results = (await ask(changeSeatsOfUser({ path: { accountId, userId: person.id }, headers: idempotencyKey(key.of(body)), body }))).results
    } catch (error) {
      key.refused(error)
      await changed()
      // Where nothing could be done, each has a reason of its own.
      const said = error instanceof Problem && error.members.results
      if (!Array.isArray(said) || said.length === 0) throw error
      results = said as SeatResultWire[]
    }
    const failed = results.filter(({ result }) => !good.includes(result))
    const count = results.length - failed.length
    if (count > 0) say({ type: 'success', content: t('user.changed', { count, name: person.name }) })
    for (const result of results) if (result.derivedSeatsKept) sayKept(t('user.kept', { name: person.name }), result, person)
    setRefused(failed)
    await changed()
    return failed
  }
  return { change, refused }
}

/** What was refused, and why; `leave` asks whether the person is to leave the queues that are a reason. */
export function Refused({ results, nameOf, leave }: { results: SeatResultWire[]; nameOf: (productId: string) => string; leave: () => void }) {
  const t = useText()
  if (results.length === 0) return null
  return (
    <Alert type="warning" header={t('user.refused', { count: results.length })} action={results.some(inQueues) && <Button onClick={leave}>{t('product.queues.leave')}</Button>}>
      <div role="alert">
        <ul>
          {results.map((result) => (
            <li key={result.productId}>
              <strong>{nameOf(result.productId)}</strong> <KeptSeats result={result} />
            </li>
          ))}
        </ul>
      </div>
    </Alert>
  )
}
