import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { TableProps } from '@cloudscape-design/components/table'
import type { SeatWire } from '../../api/client'
import type { Format } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import type { Text } from '../../app/texts'

export type Action = SeatWire['actions'][number]

type Given = { t: Text; format: Format; accountId: string; act: (action: Action, seat: SeatWire) => void }

export function columns({ t, format, accountId, act }: Given): TableProps.ColumnDefinition<SeatWire>[] {
  return [
    {
      id: 'product',
      header: t('licences.column.product'),
      isRowHeader: true,
      minWidth: 190,
      cell: ({ product, contractId, contractName }) => (
        <div>
          <Link href={accountPath(accountId, 'products', contractId, product.id)}>{product.name}</Link>
          <Box variant="small" display="block">
            {contractName}
          </Box>
        </div>
      ),
    },
    {
      id: 'user',
      header: t('licences.column.user'),
      minWidth: 170,
      cell: ({ user, count }) => (user ? <Link href={accountPath(accountId, 'users', user.id)}>{user.name}</Link> : <StatusIndicator type="success">{t('licences.available', { count })}</StatusIndicator>),
    },
    { id: 'extension', header: t('licences.column.extension'), minWidth: 100, cell: ({ user }) => user?.extension },
    { id: 'costCenter', header: t('licences.column.costCenter'), minWidth: 140, cell: ({ costCenter }) => costCenter?.name },
    { id: 'addedAt', header: t('licences.column.added'), minWidth: 130, cell: ({ addedAt }) => addedAt && format.dateTime(addedAt) },
    {
      id: 'actions',
      header: t('licences.column.actions'),
      minWidth: 170,
      cell: (seat) => (
        <SpaceBetween size="s" direction="horizontal">
          {seat.actions.map((action) => (
            <Button key={action} variant="inline-link" onClick={() => act(action, seat)} ariaLabel={t(`licences.${action}.of`, { product: seat.product.name, user: seat.user?.name ?? '' })}>
              {t(`licences.${action}`)}
            </Button>
          ))}
        </SpaceBetween>
      ),
    },
  ]
}
