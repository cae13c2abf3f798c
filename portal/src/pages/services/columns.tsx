import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import type { RemovalBilled, RemovalService, RemovalWaiting } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'

type Change = { remove: (service: RemovalService) => void; withdraw: (service: RemovalService, waiting: RemovalWaiting) => void }
type Given = { t: Text; format: Format; change: Change | undefined; nameOf: (service: RemovalService) => ReactNode; askFor: ((service: RemovalService) => ReactNode) | undefined }
type Column = TableProps.ColumnDefinition<RemovalService>

export function columns({ t, format, change, nameOf, askFor }: Given): Column[] {
  return [
    {
      id: 'product',
      header: t('services.column.product'),
      isRowHeader: true,
      minWidth: 180,
      cell: (service) => (
        <div>
          {nameOf(service)}
          <Box variant="small" display="block">
            {service.contractName}
          </Box>
        </div>
      ),
    },
    { id: 'quantity', header: t('services.column.quantity'), minWidth: 90, cell: ({ quantity }) => (quantity === undefined ? t('services.notSet') : format.number(quantity)) },
    { id: 'assigned', header: t('services.column.assigned'), minWidth: 100, cell: ({ assigned }) => format.number(assigned) },
    { id: 'free', header: t('services.column.free'), minWidth: 75, cell: ({ free, quantity }) => (quantity === undefined ? null : format.number(free)) },
    { id: 'removable', header: t('services.column.removable'), minWidth: 150, cell: (service) => <Removable service={service} t={t} format={format} change={change} askFor={askFor} /> },
    { id: 'pending', header: t('services.column.pending'), minWidth: 170, cell: (service) => <Pending service={service} t={t} format={format} change={change} /> },
    { id: 'billing', header: t('services.column.billing'), minWidth: 150, cell: (service) => <Billing service={service} t={t} format={format} /> },
  ]
}

/** How many can be removed, and the way to do it or to ask for it. */
function Removable({ service, t, format, change, askFor }: { service: RemovalService } & Pick<Given, 't' | 'format' | 'change' | 'askFor'>) {
  const { removable, product, contractName } = service
  return (
    <div>
      {format.number(removable)}
      {change && removable > 0 && (
        <div>
          <Button variant="inline-link" onClick={() => change.remove(service)} ariaLabel={t('services.remove.of', { product: product.name, contract: contractName })}>
            {t('services.remove')}
          </Button>
        </div>
      )}
      {askFor && <div>{askFor(service)}</div>}
    </div>
  )
}

/** What waits to be removed, each with its day, and the way back. */
function Pending({ service, t, format, change }: { service: RemovalService } & Pick<Given, 't' | 'format' | 'change'>) {
  if (service.pendingRemovals.length === 0) return format.number(service.pendingRemoval)
  return (
    <ul className="results">
      {service.pendingRemovals.map((waiting) => {
        const said = { count: waiting.quantity, day: format.date(waiting.effectiveDate) }
        return (
          <li key={waiting.removalId}>
            {t('services.pending', said)}{' '}
            {change && (
              <Button variant="inline-link" onClick={() => change.withdraw(service, waiting)} ariaLabel={t('services.withdraw.of', { ...said, product: service.product.name })}>
                {t('services.withdraw')}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** When the seats are billed next and what that comes to, by what they are billed by. */
function Billing({ service: { status, billed }, t, format }: { service: RemovalService } & Pick<Given, 't' | 'format'>) {
  if (status === 'expired') return t('services.expired')
  return billed.map((kind) => <Kind key={kind.period} kind={kind} several={billed.length > 1} t={t} format={format} />)
}

function Kind({ kind: { period, quantity, nextBillingDate, recurring }, several, t, format }: { kind: RemovalBilled; several: boolean } & Pick<Given, 't' | 'format'>) {
  return (
    <div>
      {nextBillingDate ? format.date(nextBillingDate) : t('services.billing.none')}
      {several && (
        <Box variant="small" display="block">
          {t(`services.billed.${period}`, { count: quantity })}
        </Box>
      )}
      {recurring && (
        <Box variant="small" display="block">
          {t(`services.recurring.${period}`, { amount: format.money(recurring) })}
        </Box>
      )}
    </div>
  )
}
