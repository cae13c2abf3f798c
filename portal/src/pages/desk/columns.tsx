import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { TableProps } from '@cloudscape-design/components/table'
import type { AccountManagedWire } from '../../api/client'
import type { Format } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import type { Text } from '../../app/texts'

/** What stands of an account; absent until it was first counted. */
type Overview = NonNullable<AccountManagedWire['overview']>

export type Managed = AccountManagedWire

const counted = ['overLimit', 'full', 'notSet', 'warning', 'due', 'overMapped'] as const
/** Nothing can be added there. */
const critical: readonly string[] = ['overLimit', 'full', 'notSet']

export function columns(t: Text, format: Format): TableProps.ColumnDefinition<Managed>[] {
  return [
    { id: 'name', header: t('desk.column.name'), isRowHeader: true, minWidth: 180, cell: ({ id, name }) => <Link href={accountPath(id)}>{name}</Link> },
    { id: 'state', header: t('desk.column.state'), minWidth: 240, cell: ({ overview }) => <States overview={overview} t={t} format={format} /> },
    {
      id: 'contact',
      header: t('desk.column.contact'),
      minWidth: 180,
      cell: ({ contact }) => (
        <div>
          {contact.name}
          <Box variant="small" display="block">
            {[contact.email, contact.phone].filter(Boolean).join(' · ')}
          </Box>
        </div>
      ),
    },
  ]
}

function States({ overview, t, format }: { overview: Overview | undefined; t: Text; format: Format }) {
  if (!overview) return <StatusIndicator type="pending">{t('desk.state.unknown')}</StatusIndicator>
  const found = counted.filter((what) => overview[what] > 0)
  if (found.length === 0) return <StatusIndicator type="success">{t('desk.state.fine')}</StatusIndicator>
  return (
    <div>
      <SpaceBetween direction="horizontal" size="xxs">
        {found.map((what) => (
          <Badge key={what} color={critical.includes(what) ? 'severity-critical' : 'severity-medium'}>
            {t(`desk.state.${what}`, { count: overview[what] })}
          </Badge>
        ))}
      </SpaceBetween>
      <Box variant="small" display="block">
        {t('desk.state.asOf', { at: format.dateTime(overview.asOf), more: overview.atLeast })}
      </Box>
    </div>
  )
}
