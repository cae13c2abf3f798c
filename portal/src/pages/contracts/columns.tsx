import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Link from '@cloudscape-design/components/link'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import type { ContractWire } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'
import type { Row } from './rows'

type Given = { t: Text; format: Format; disconnect: ((row: Row & { kind: 'system' }) => void) | undefined; termsOf?: (contract: ContractWire) => ReactNode }

/** The four columns. A system's row has its own things to say in the first and the last. */
export function columns({ t, format, disconnect, termsOf }: Given): TableProps.ColumnDefinition<Row>[] {
  return [
    { id: 'name', header: t('contracts.column.name'), sortingField: 'name', isRowHeader: true, minWidth: 220, cell: (row) => <Name row={row} t={t} /> },
    {
      id: 'systems',
      header: t('contracts.column.systems'),
      sortingField: 'systems',
      minWidth: 150,
      cell: (row) => (row.kind === 'contract' ? <Mapped systems={row.contract.systems} t={t} format={format} /> : null),
    },
    { id: 'expiryDate', header: t('contracts.column.expiry'), sortingField: 'expiryDate', minWidth: 130, cell: (row) => (row.kind === 'contract' ? format.date(row.contract.expiryDate) : null) },
    {
      id: 'status',
      header: t('contracts.column.status'),
      sortingField: 'status',
      minWidth: 140,
      cell: (row) => {
        if (row.kind === 'contract') {
          return (
            <div>
              <StatusIndicator type={row.contract.status === 'active' ? 'success' : 'stopped'}>{t(`contracts.status.${row.contract.status}`)}</StatusIndicator>
              {termsOf && <div>{termsOf(row.contract)}</div>}
            </div>
          )
        }
        if (!disconnect) return null
        return (
          <Button variant="inline-link" onClick={() => disconnect(row)} ariaLabel={t('contracts.disconnect.of', { system: row.system.name })}>
            {t('contracts.disconnect')}
          </Button>
        )
      },
    },
  ]
}

function Name({ row, t }: { row: Row; t: Text }) {
  const { name, crmId } = row.kind === 'contract' ? row.contract : row.system
  const url = row.kind === 'system' ? row.system.url : undefined
  return (
    <div>
      {url ? (
        <Link href={url} external externalIconAriaLabel={t('contracts.opensElsewhere')}>
          {name}
        </Link>
      ) : (
        <Box variant={row.kind === 'contract' ? 'strong' : 'span'}>{name}</Box>
      )}
      <Box variant="small" display="block">
        {crmId}
      </Box>
    </div>
  )
}

/** Mapped of purchased. More than were purchased is allowed, and shown loudly. */
export function Mapped({ systems, t, format }: { systems: ContractWire['systems']; t: Text; format: Format }) {
  const count = `${format.number(systems.mapped)} / ${format.number(systems.purchased)}`
  if (systems.state !== 'over') return count
  return (
    <StatusIndicator type="warning" iconAriaLabel={t('contracts.over')}>
      <strong>{count}</strong>
    </StatusIndicator>
  )
}
