import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { askWithTag, getAccount, problemOf, type AccountContact, type AccountWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { Contact } from '../../app/contact'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Edit } from './edit'
import { Exports } from './exports'
import { PartnerLink } from './partner'

export default function Settings() {
  const t = useText()
  const { id: accountId } = useAccount()
  const mayChange = useCan('manage_accounts')
  const mayExport = useCan('manage_data')
  const queries = useQueryClient()
  const [open, setOpen] = useState<'settings' | 'partner'>()
  const { data, error, refetch } = useQuery({ queryKey: ['settings', accountId], queryFn: ({ signal }) => askWithTag(getAccount({ path: { accountId }, signal })) })
  const changed = async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: ['settings', accountId] }), queries.invalidateQueries({ queryKey: ['account', accountId] })])
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t('settings.description')}>
        {t('settings.title')}
      </Header>
      {error && <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />}
      {!data && !error && <Spinner size="large" />}
      {data && <Shown account={data.data} change={mayChange ? setOpen : undefined} />}
      {mayExport && <Exports />}
      {data && open === 'settings' && <Edit account={data.data} tag={data.tag} changed={changed} close={() => setOpen(undefined)} />}
      {data && open === 'partner' && <PartnerLink account={data.data} changed={changed} close={() => setOpen(undefined)} />}
    </SpaceBetween>
  )
}

const known = (contact: AccountContact | undefined) => contact && (contact.name || contact.email || contact.phone)

function Shown({ account, change }: { account: AccountWire; change: ((what: 'settings' | 'partner') => void) | undefined }) {
  const t = useText()
  const { partner, representative } = account
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={change && <Button onClick={() => change('settings')}>{t('settings.change')}</Button>}>{account.name}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: t('settings.crmId'), value: account.crmId ?? t('settings.none') },
            { label: t('settings.timeZone'), value: account.timeZone },
            { label: t('settings.locale'), value: t(`app.language.${account.locale}`) },
            { label: t('settings.currency'), value: account.currency },
            { label: t('settings.edition'), value: account.edition },
            { label: t('settings.representative'), value: known(representative) ? <Contact contact={representative} /> : t('settings.none') },
          ]}
        />
      </Container>
      <Container
        header={
          <Header variant="h2" description={t('settings.partner.detail')} actions={change && <Button onClick={() => change('partner')}>{t('settings.partner.change')}</Button>}>
            {t('settings.partner')}
          </Header>
        }
      >
        {partner ? <KeyValuePairs columns={2} items={[{ label: t('settings.partner.name'), value: partner.name }, { label: t('settings.partner.contact'), value: <Contact contact={partner.contact} /> }]} /> : t('settings.partner.none')}
      </Container>
    </SpaceBetween>
  )
}
