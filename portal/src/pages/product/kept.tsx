import type { SeatResultWire, UserQueue } from '../../api/client'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { LeaveQueues, type Answering } from './queues'

const types = ['call', 'inbox', 'outbound'] as const

/** Derived seats that stay, or cannot be taken, because their user still answers queues: why, which queues, by type, and the step that takes the user out of all of them. */
export function KeptSeats({ result: { detail, queues = [] }, user, done }: { result: SeatResultWire; user: Answering; done?: () => void }) {
  return (
    <>
      {detail}
      {queues.length > 0 && (
        <>
          <QueueList queues={queues} />
          <LeaveQueues user={user} done={done} />
        </>
      )}
    </>
  )
}

/** Queues, by type. */
export function QueueList({ queues }: { queues: UserQueue[] }) {
  const t = useText()
  const format = useFormat()
  const named = (type: (typeof types)[number]) => queues.filter((queue) => queue.type === type).map(({ name }) => name)
  return (
    <ul>
      {types
        .filter((type) => named(type).length > 0)
        .map((type) => (
          <li key={type}>{t(`product.queues.${type}`, { names: format.list(named(type)) })}</li>
        ))}
    </ul>
  )
}
