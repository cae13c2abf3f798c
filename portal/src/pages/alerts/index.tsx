import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { ask, listAlerts, type AlertWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Contact } from '../../app/contact'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { Muting } from './muting'

const signs: Record<AlertWire['severity'], StatusIndicatorProps.Type> = { critical: 'error', warning: 'warning', info: 'info' }

export default function Alerts() {
  const t = useText()
  const { id: accountId } = useAccount()
  const page = usePage<AlertWire>(['alerts', accountId], ({ signal, ...paging }) => ask(listAlerts({ path: { accountId }, query: paging, signal })))
  return (
    <SpaceBetween size="l">
      <ServerTable<AlertWire>
        words={{ title: t('alerts.title'), description: t('alerts.description'), empty: t('alerts.empty'), emptyHint: t('alerts.emptyHint') }}
        page={page}
        trackBy={(alert) => `${alert.kind} ${alert.contract.id} ${alert.product?.id ?? ''}`}
        columnDefinitions={[
          { id: 'severity', header: t('alerts.column.severity'), minWidth: 175, cell: ({ severity }) => <StatusIndicator type={signs[severity]}>{t(`alerts.severity.${severity}`)}</StatusIndicator> },
          {
            id: 'detail',
            header: t('alerts.column.detail'),
            isRowHeader: true,
            minWidth: 300,
            cell: ({ kind, detail }) => (
              <div>
                <Box variant="strong">{t(`alerts.kind.${kind}`)}</Box>
                <Box>{detail}</Box>
              </div>
            ),
          },
          { id: 'contract', header: t('alerts.column.contract'), minWidth: 160, cell: ({ contract }) => <Link href={accountPath(accountId, 'contracts')}>{contract.name}</Link> },
        ]}
        footer={page.items[0] && <Contact contact={page.items[0].contact} />}
      />
      <Muting />
    </SpaceBetween>
  )
}
