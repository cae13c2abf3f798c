import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { ask, changeQueuesOfUser, idempotencyKey, problemOf, type ChangeQueuesOfUserBody, type UserQueue } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useNamesOf } from '../products/products'
import { usePerson } from '../user/person'
import { useSeatsChanged } from './line'

/** Who is in queues. */
export type Member = { id: string; name: string }

export const queueTypes = ['call', 'inbox', 'outbound'] as const

/** In how many queues somebody can be: as many as the API takes. */
export const mostQueues = 50

/** What is said of the seats that somebody's queues keep: it may hold no more when these change. */
export const aboutKept = (userId: string) => `kept ${userId}`

/** Changes somebody's queues and says which seats are free by it. `had`: they were in some, as far as the window knows. Mount it anew for each time. */
export function useChangeQueues({ id: userId, name }: Member, done: () => void): (body: ChangeQueuesOfUserBody, had: boolean) => Promise<void> {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const { say, clear } = useFlash()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  return async (body, had) => {
    try {
      const { queues, results } = await ask(changeQueuesOfUser({ path: { accountId, userId }, headers: idempotencyKey(key.of(body)), body }))
      const freed = results.map(({ productId, productName }) => productName ?? productId)
      const what = had && queues.length === 0 ? t('product.queues.left', { user: name }) : t('product.queues.saved', { user: name })
      done()
      clear(aboutKept(userId))
      say({ type: 'success', header: what, content: freed.length > 0 && t('product.queues.freed', { count: freed.length, products: format.list(freed) }) })
    } catch (error) {
      // The page stays as it was, and with it the window and what was typed in it.
      key.refused(error)
      throw error
    }
    await changed()
  }
}

/** Queues, by type. */
export function QueueList({ queues }: { queues: UserQueue[] }) {
  const t = useText()
  const format = useFormat()
  const named = (type: UserQueue['type']) => queues.filter((queue) => queue.type === type).map(({ name }) => name)
  return (
    <ul>
      {queueTypes
        .filter((type) => named(type).length > 0)
        .map((type) => (
          <li key={type}>{t(`product.queues.${type}`, { names: format.list(named(type)) })}</li>
        ))}
    </ul>
  )
}

/** The button that takes somebody out of all queues, after a window that asks. It is shown to those who may take seats, which is the same permission. */
export function LeaveQueues({ user }: { user: Member }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('product.queues.leave')}</Button>
      {asking && <LeaveAll user={user} close={() => setAsking(false)} />}
    </>
  )
}

/** Asks before somebody is taken out of all queues, with the seats that end by it named. `done` instead of `close`: they are out of them. */
export function LeaveAll({ user, close, done = close }: { user: Member; close: () => void; done?: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { data: person, error, refetch } = usePerson(accountId, user.id)
  const seats = useNamesOf({ id: user.id, email: person?.email ?? '' }, person?.seats ?? [])
  const change = useChangeQueues(user, done)
  const queues = person?.queues ?? []
  return (
    <Confirm
      title={t('user.queues.leave.title', { name: user.name })}
      verb={t('user.queues.leave.verb')}
      disabled={queues.length === 0 || !seats.derived}
      confirm={() => change({ removeAll: true }, true)}
      close={close}
    >
      {!person && (error ? <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} /> : <Waiting />)}
      {queues.length > 0 && <QueueList queues={queues} />}
      {queues.length > 0 && <Ending seats={seats} />}
      {/* Somebody else was quicker. */}
      {person && queues.length === 0 && <div>{t('user.queues.empty')}</div>}
    </Confirm>
  )
}

/** The seats that end with a person's last queue; nothing is claimed of them while it is not known which they are. */
export function Ending({ seats: { derived, error, refetch, product, contract } }: { seats: ReturnType<typeof useNamesOf> }) {
  const t = useText()
  if (!derived) return error ? <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} /> : <Waiting />
  return (
    <div>
      {t('user.queues.ends', { count: derived.length })}
      {derived.length > 0 && (
        <ul>
          {derived.map(({ productId, contractId }) => (
            <li key={productId}>
              <strong>{product(productId)}</strong> {contract(contractId)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
