import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { addPartnerStaff, ask, idempotencyKey, listPartnerAccounts, listPartnerStaff, removePartnerStaff, type AccountPartnerWire } from '../../api/client'
import { usePageName } from '../../app/frame'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage, type Listing } from '../../app/use-page'
import { columns, type Managed } from '../desk/columns'
import { Staff } from '../operators/staff'

/** One partner, for operators: their accounts and their staff. */
export default function Partner() {
  const t = useText()
  const format = useFormat()
  const { partnerId = '' } = useParams()
  // Nothing reads one partner alone; the list that one comes from knows the name.
  const name = useQueryClient()
    .getQueriesData<Listing<AccountPartnerWire>>({ queryKey: ['partners'] })
    .flatMap(([, listing]) => listing?.items ?? [])
    .find(({ id }) => id === partnerId)?.name
  usePageName(name)
  const page = usePage<Managed>(['desk', partnerId], ({ signal, ...paging }) => ask(listPartnerAccounts({ path: { partnerId }, query: paging, signal })))
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name ?? t('partner.title')}</Header>
      <Staff
        headingLevel="h2"
        name={['partner-staff', partnerId]}
        words={{ title: t('partner.staff'), description: t('partner.staff.detail'), empty: t('partner.staff.none') }}
        read={({ signal, ...paging }) => ask(listPartnerStaff({ path: { partnerId }, query: paging, signal }))}
        add={(body, key) => ask(addPartnerStaff({ path: { partnerId }, headers: idempotencyKey(key), body }))}
        remove={(staffId) => ask(removePartnerStaff({ path: { partnerId, staffId } }))}
      />
      <ServerTable<Managed> headingLevel="h2" words={{ title: t('partner.accounts'), empty: t('partner.accounts.none'), emptyHint: t('partner.accounts.hint') }} page={page} trackBy="id" columnDefinitions={columns(t, format)} />
    </SpaceBetween>
  )
}
