import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ask, listOrders, type OrderListOutput, type OrderSummary } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link, useFollow } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'

type Status = 'all' | OrderSummary['status']

/** The account's orders, newest first. */
export default function Orders() {
  const t = useText()
  const format = useFormat()
  const follow = useFollow()
  const { id: accountId } = useAccount()
  const mayBuy = useCan('manage_licences')
  const [status, setStatus] = useState<Status>('all')
  const query = { status: status === 'all' ? undefined : status }
  const page = usePage<OrderSummary, OrderListOutput>(['orders', accountId, query], ({ signal, ...paging }) => ask(listOrders({ path: { accountId }, query: { ...query, ...paging }, signal })))
  return (
    <ServerTable<OrderSummary>
      words={{ title: t('orders.title'), description: t('orders.description'), empty: t('orders.empty'), emptyHint: t('orders.emptyHint') }}
      page={page}
      filtered={status !== 'all'}
      clearFilters={() => setStatus('all')}
      filters={
        <SegmentedControl
          label={t('orders.column.status')}
          selectedId={status}
          onChange={({ detail }) => setStatus(detail.selectedId as Status)}
          options={(['all', 'placed', 'awaiting_payment'] as const).map((id) => ({ id, text: t(`orders.status.${id}`) }))}
        />
      }
      emptyAction={
        mayBuy && (
          <Button href={accountPath(accountId, 'catalog')} onFollow={follow}>
            {t('orders.catalog')}
          </Button>
        )
      }
      trackBy="id"
      columnDefinitions={[
        {
          id: 'placedAt',
          header: t('orders.column.placedAt'),
          isRowHeader: true,
          minWidth: 170,
          cell: ({ id, placedAt }) => (
            <Link href={accountPath(accountId, 'orders', id)} fontSize="inherit">
              {format.dateTime(placedAt)}
            </Link>
          ),
        },
        { id: 'products', header: t('orders.column.products'), minWidth: 200, cell: ({ productNames }) => format.list(productNames) },
        { id: 'seats', header: t('orders.column.seats'), minWidth: 90, cell: ({ seats }) => format.number(seats) },
        { id: 'gross', header: t('orders.column.gross'), minWidth: 130, cell: ({ gross }) => format.money(gross) },
        { id: 'buyer', header: t('orders.column.buyer'), minWidth: 140, cell: ({ buyer }) => buyer.name ?? buyer.id },
        {
          id: 'status',
          header: t('orders.column.status'),
          minWidth: 150,
          cell: ({ status: is }) => <StatusIndicator type={is === 'placed' ? 'success' : 'pending'}>{t(`orders.status.${is}`)}</StatusIndicator>,
        },
      ]}
      ariaLabels={{ tableLabel: t('orders.title') }}
    />
  )
}
