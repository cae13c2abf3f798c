import { ask, listPartnerAccounts } from '../../api/client'
import { useMe } from '../../app/account'
import { ServerTable } from '../../app/server-table'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { columns, type Managed } from './columns'

/** A partner's desk: the accounts that they manage, with what asks for something to be done. */
export default function Desk() {
  const t = useText()
  const format = useFormat()
  const { partner } = useMe()
  const partnerId = partner?.id ?? ''
  const page = usePage<Managed>(['desk', partnerId], ({ signal, ...paging }) => ask(listPartnerAccounts({ path: { partnerId }, query: paging, signal })))
  return (
    <ServerTable<Managed>
      words={{ title: t('desk.title'), description: partner && t('desk.description', { name: partner.name }), empty: t('desk.empty'), emptyHint: t('desk.emptyHint') }}
      page={page}
      trackBy="id"
      columnDefinitions={columns(t, format)}
    />
  )
}
