import type { SeatResultWire } from '../../api/client'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'

const types = ['call', 'inbox', 'outbound'] as const

/** Derived seats that stay because their user still answers queues: why, and which queues, by type. */
export function KeptSeats({ result: { detail, queues = [] } }: { result: SeatResultWire }) {
  const t = useText()
  const format = useFormat()
  const named = (type: (typeof types)[number]) => queues.filter((queue) => queue.type === type).map(({ name }) => name)
  return (
    <>
      {detail}
      {queues.length > 0 && (
        <ul>
          {types
            .filter((type) => named(type).length > 0)
            .map((type) => (
              <li key={type}>{t(`product.queues.${type}`, { names: format.list(named(type)) })}</li>
            ))}
        </ul>
      )}
    </>
  )
}
