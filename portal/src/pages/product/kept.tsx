import type { SeatResultWire } from '../../api/client'
import { useFlash } from '../../app/flash'
import { aboutKept, LeaveQueues, QueueList, type Member } from './queues'

/** Derived seats that stay, or cannot be taken, because their user is still in queues: why, and which queues, by type. */
export function KeptSeats({ result: { detail, queues = [] } }: { result: SeatResultWire }) {
  return (
    <>
      {detail}
      {queues.length > 0 && <QueueList queues={queues} />}
    </>
  )
}

/** Whether queues are why a seat stays: then leaving them is the step that frees it. */
export const inQueues = ({ queues = [] }: SeatResultWire): boolean => queues.length > 0

/** Says, with the step that frees them, which derived seats stay after others were taken. */
export function useSayKept(): (header: string, result: SeatResultWire, user: Member) => void {
  const { say } = useFlash()
  return (header, result, user) =>
    say({ type: 'warning', about: aboutKept(user.id), header, content: <KeptSeats result={result} />, action: inQueues(result) && <LeaveQueues user={user} /> })
}
