import Box from '@cloudscape-design/components/box'
import { ask, listRequests, type RequestWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useLanguage, useText } from '../../app/texts'
import { usePage } from '../../app/use-page'

const pageSize = 5

const mine = ({ actions }: RequestWire) => actions.some((action) => action !== 'withdraw')

/** The requests that wait for an answer of the reader's; nothing for who may answer none. */
export function Requests() {
  const { mine: me } = useAccount()
  const maySee = useCan('send_requests')
  const manages = useCan('manage_licences')
  return maySee && (manages || me.kind !== 'member') ? <Waiting /> : null
}

function Waiting() {
  const t = useText()
  const format = useFormat()
  const { language } = useLanguage()
  const { id: accountId } = useAccount()
  const page = usePage<RequestWire>(['requests', accountId, 'waiting'], async ({ signal, pageToken }) => {
    const { items, ...answer } = await ask(listRequests({ path: { accountId }, query: { state: 'open', pageSize, pageToken }, signal }))
    return { ...answer, items: items.filter(mine) }
  })
  return (
    <ServerTable<RequestWire>
      headingLevel="h2"
      words={{ title: t('home.requests'), description: t('home.requests.detail'), empty: t('home.requests.none') }}
      page={page}
      trackBy="id"
      actions={<Link href={accountPath(accountId, 'requests')}>{t('home.requests.all')}</Link>}
      columnDefinitions={[
        {
          id: 'request',
          header: t('home.column.request'),
          isRowHeader: true,
          minWidth: 200,
          cell: ({ kind, items }) => (
            <div>
              <Box variant="strong">{t(`requests.kind.${kind}`)}</Box>
              {items.length > 0 && (
                <Box variant="small" display="block">
                  {format.list(items.map(({ productId, productName, quantity }) => t('requests.item', { count: quantity, product: productName[language] || productId })))}
                </Box>
              )}
            </div>
          ),
        },
        {
          id: 'sent',
          header: t('home.column.sent'),
          minWidth: 150,
          cell: ({ author, createdAt }) => (
            <div>
              {author.name || t('requests.noName')}
              <Box variant="small" display="block">
                {format.dateTime(createdAt)}
              </Box>
            </div>
          ),
        },
      ]}
    />
  )
}
