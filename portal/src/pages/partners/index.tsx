import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, createPartner, idempotencyKey, listPartners, type AccountContact, type AccountPartnerWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { Link } from '../../app/link'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { ContactFields } from '../settings/edit'

export default function Partners() {
  const t = useText()
  const search = useSearch()
  const [creating, setCreating] = useState(false)
  const q = search.asked || undefined
  const page = usePage<AccountPartnerWire>(['partners', q], ({ signal, ...paging }) => ask(listPartners({ query: { q, ...paging }, signal })))
  return (
    <>
      <ServerTable<AccountPartnerWire>
        words={{ title: t('partners.title'), description: t('partners.description'), search: t('partners.search'), empty: t('partners.empty') }}
        page={page}
        search={search}
        trackBy="id"
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {t('partners.create')}
          </Button>
        }
        columnDefinitions={[
          { id: 'name', header: t('partners.column.name'), isRowHeader: true, minWidth: 180, cell: ({ id, name }) => <Link href={`/partners/${encodeURIComponent(id)}`}>{name}</Link> },
          {
            id: 'contact',
            header: t('partners.column.contact'),
            minWidth: 220,
            cell: ({ contact }) => (
              <div>
                {contact.name}
                <Box variant="small" display="block">
                  {[contact.email, contact.phone].filter(Boolean).join(' · ')}
                </Box>
              </div>
            ),
          },
        ]}
      />
      {creating && <Create close={() => setCreating(false)} />}
    </>
  )
}

function Create({ close }: { close: () => void }) {
  const t = useText()
  const { say } = useFlash()
  const queries = useQueryClient()
  const key = useKey()
  const [name, setName] = useState('')
  const [contact, setContact] = useState<AccountContact>({})
  const body = { name: name.trim(), contact: Object.fromEntries(Object.entries(contact).map(([field, value]) => [field, value?.trim() || undefined])) }
  const confirm = async () => {
    try {
      await ask(createPartner({ headers: idempotencyKey(key.of(body)), body }))
    } catch (error) {
      key.refused(error)
      throw error
    }
    await queries.invalidateQueries({ queryKey: ['partners'] })
    say({ type: 'success', content: t('partners.created', { name: body.name }) })
    close()
  }
  return (
    <Confirm title={t('partners.create')} verb={t('partners.create.verb')} size="large" disabled={body.name === ''} confirm={confirm} close={close}>
      <SpaceBetween size="m">
        <FormField label={t('partners.column.name')}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <ContactFields contact={contact} change={setContact} heading={t('partners.column.contact')} />
      </SpaceBetween>
    </Confirm>
  )
}
