import Alert from '@cloudscape-design/components/alert'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useParams } from 'react-router'
import { ask, getOrder, problemOf } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFormat } from '../../app/format'
import { usePageName } from '../../app/frame'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Priced } from './priced'
import { Statement } from './statement'

/** One order as it was placed, and its statement. */
export default function Order() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const { orderId = '' } = useParams()
  const { state } = useLocation() as { state: { placed?: boolean } | null }
  const { data: order, error, refetch } = useQuery({ queryKey: ['orders', accountId, 'one', orderId], queryFn: ({ signal }) => ask(getOrder({ path: { accountId, orderId }, signal })) })
  usePageName(order && t('order.of', { date: format.dateTime(order.placedAt) }))
  if (error) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  if (!order) return <Spinner size="large" />
  const said = [t('order.number', { id: order.id }), order.buyer.name && t('order.buyer', { name: order.buyer.name }), t(`order.status.${order.status}`)]
  return (
    <SpaceBetween size="m">
      {state?.placed && (
        <Alert type="success" header={t('order.placed')}>
          {t('order.placed.detail')} <Link href={accountPath(accountId, 'products')}>{t('order.placed.assign')}</Link>
        </Alert>
      )}
      <Header variant="h1" description={said.filter(Boolean).join(' · ')} actions={<Statement orderId={order.id} />}>
        {t('order.of', { date: format.dateTime(order.placedAt) })}
      </Header>
      <Priced of={order} />
    </SpaceBetween>
  )
}
