import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { addPartnerStaff, ask, getPartner, idempotencyKey, listPartnerAccounts, listPartnerStaff, Problem, problemOf, removePartnerStaff } from '../../api/client'
import { Contact } from '../../app/contact'
import { usePageName } from '../../app/frame'
import { useFormat } from '../../app/format'
import { NotFound } from '../../app/notices'
import { ProblemAlert } from '../../app/problem-alert'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { columns, type Managed } from '../desk/columns'
import { Staff } from '../operators/staff'

/** One partner, for operators: their accounts and their staff. */
export default function Partner() {
  const t = useText()
  const format = useFormat()
  const { partnerId = '' } = useParams()
  const { data: partner, error, refetch } = useQuery({ queryKey: ['partner', partnerId], queryFn: ({ signal }) => ask(getPartner({ path: { partnerId }, signal })) })
  usePageName(partner?.name)
  const page = usePage<Managed>(['desk', partnerId], ({ signal, ...paging }) => ask(listPartnerAccounts({ path: { partnerId }, query: paging, signal })))
  if (error instanceof Problem && error.kind === 'missing') return <NotFound />
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{partner?.name ?? t('partner.title')}</Header>
      {error && <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />}
      {partner && (partner.contact.name || partner.contact.email || partner.contact.phone) && <Contact contact={partner.contact} />}
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
