import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { ask, listActivity, listContracts, type ActivityRecord, type ContractListOutput, type ContractWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { actionName, authorName, thingName } from '../activity/words'

const pageSize = 5

/** A contract is announced by then at the earliest, and to be seen to within these days. */
const soonDays = 90
const urgentDays = 30

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** The beginning of a sorted list, up to the first contract that is not meant. */
function useFirst(key: string, query: { status?: 'active'; orderBy: 'expiryDate' | '-systems' }, meant: (contract: ContractWire) => boolean) {
  const { id: accountId } = useAccount()
  return usePage<ContractWire, ContractListOutput>(['contracts', accountId, key], async ({ signal, pageToken }) => {
    const answer = await ask(listContracts({ path: { accountId }, query: { ...query, pageSize, pageToken }, signal }))
    const items = answer.items.filter(meant)
    return { ...answer, items, nextPageToken: items.length < answer.items.length ? undefined : answer.nextPageToken }
  })
}

export function Expiring() {
  const t = useText()
  const format = useFormat()
  const { id: accountId, mine } = useAccount()
  const left = (contract: ContractWire) => daysBetween(mine.today, contract.expiryDate)
  const page = useFirst('expiring', { status: 'active', orderBy: 'expiryDate' }, (contract) => left(contract) <= soonDays)
  return (
    <ServerTable<ContractWire>
      headingLevel="h2"
      words={{ title: t('home.expiring'), description: t('home.expiring.detail', { days: soonDays }), empty: t('home.expiring.none') }}
      page={page}
      trackBy="id"
      columnDefinitions={[
        { id: 'name', header: t('home.column.contract'), isRowHeader: true, minWidth: 150, cell: ({ name }) => <Link href={accountPath(accountId, 'contracts')}>{name}</Link> },
        {
          id: 'expiry',
          header: t('home.column.expiry'),
          minWidth: 150,
          cell: (contract) => (
            <div>
              {format.date(contract.expiryDate)}
              <Box variant="small" display="block">
                <StatusIndicator type={left(contract) <= urgentDays ? 'warning' : 'info'}>{t('home.days', { count: left(contract) })}</StatusIndicator>
              </Box>
            </div>
          ),
        },
      ]}
    />
  )
}

export function OverMapped() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const page = useFirst('over', { orderBy: '-systems' }, ({ systems }) => systems.state === 'over')
  const count = page.answer?.banner?.count
  return (
    <ServerTable<ContractWire>
      headingLevel="h2"
      words={{ title: t('home.over'), description: t('home.over.detail'), empty: t('home.over.none') }}
      page={page}
      counter={count === undefined ? undefined : format.number(count)}
      trackBy="id"
      columnDefinitions={[
        { id: 'name', header: t('home.column.contract'), isRowHeader: true, minWidth: 150, cell: ({ name }) => <Link href={accountPath(accountId, 'contracts')}>{name}</Link> },
        {
          id: 'systems',
          header: t('home.column.systems'),
          minWidth: 150,
          cell: ({ systems }) => (
            <StatusIndicator type="warning">
              {format.number(systems.mapped)} / {format.number(systems.purchased)}
            </StatusIndicator>
          ),
        },
      ]}
    />
  )
}

/** The last few changes. The list itself goes on where all of them are. */
export function Latest() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const page = usePage<ActivityRecord>(['activity', accountId, 'latest'], async ({ signal, pageToken }) => {
    const { items, nextPageToken } = await ask(listActivity({ path: { accountId }, query: { pageSize, pageToken }, signal }))
    return { items, nextPageToken: items.length === 0 ? nextPageToken : undefined }
  })
  return (
    <ServerTable<ActivityRecord>
      headingLevel="h2"
      words={{ title: t('home.latest'), empty: t('activity.empty') }}
      page={page}
      trackBy="id"
      actions={<Link href={accountPath(accountId, 'activity')}>{t('home.latest.all')}</Link>}
      columnDefinitions={[
        {
          id: 'what',
          header: t('activity.column.what'),
          isRowHeader: true,
          minWidth: 200,
          cell: (record) => (
            <div>
              {actionName(t, record.action)} <Box variant="strong">{thingName(t, record.subject)}</Box>
            </div>
          ),
        },
        { id: 'who', header: t('activity.column.who'), minWidth: 130, cell: (record) => authorName(t, record.author) },
        { id: 'at', header: t('activity.column.at'), minWidth: 130, cell: ({ at }) => format.dateTime(at) },
      ]}
    />
  )
}
