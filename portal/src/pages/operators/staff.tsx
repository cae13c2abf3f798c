import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccountStaffBody, AccountStaffWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { ServerTable, type Words } from '../../app/server-table'
import { isLanguage, languages, useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { usePage, type Listing } from '../../app/use-page'

type Reading = { pageSize: number; pageToken?: string; signal: AbortSignal }
type Props = {
  name: readonly unknown[]
  words: Words
  headingLevel?: 'h1' | 'h2'
  read: (reading: Reading) => Promise<Listing<AccountStaffWire>>
  add: (body: AccountStaffBody, key: string) => Promise<unknown>
  remove: (staffId: string) => Promise<unknown>
}

/** People of the vendor or of a partner: who they are, and whether they have signed in. */
export function Staff({ name, words, headingLevel, read, add, remove }: Props) {
  const t = useText()
  const { say } = useFlash()
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<AccountStaffWire>()
  const page = usePage<AccountStaffWire>(name, read)
  const changed = () => queries.invalidateQueries({ queryKey: name })
  const takeAway = async (person: AccountStaffWire) => {
    try {
      await remove(person.id)
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('operators.removed', { name: person.name }) })
    setLeaving(undefined)
  }
  return (
    <>
      <ServerTable<AccountStaffWire>
        headingLevel={headingLevel}
        words={words}
        page={page}
        trackBy="id"
        actions={
          <Button variant="primary" onClick={() => setAdding(true)}>
            {t('operators.add')}
          </Button>
        }
        columnDefinitions={[
          { id: 'name', header: t('operators.column.name'), isRowHeader: true, minWidth: 150, cell: (person) => person.name },
          { id: 'email', header: t('operators.column.email'), minWidth: 190, cell: ({ email }) => email },
          { id: 'state', header: t('operators.column.state'), minWidth: 130, cell: ({ state }) => <StatusIndicator type={state === 'active' ? 'success' : 'pending'}>{t(`operators.state.${state}`)}</StatusIndicator> },
          {
            id: 'remove',
            header: t('operators.column.actions'),
            minWidth: 120,
            cell: (person) => (
              <Button variant="inline-link" onClick={() => setLeaving(person)} ariaLabel={t('operators.remove.of', { name: person.name })}>
                {t('operators.remove')}
              </Button>
            ),
          },
        ]}
      />
      {adding && <Add add={add} changed={changed} close={() => setAdding(false)} />}
      {leaving && (
        <Confirm title={t('operators.remove.title', { name: leaving.name })} verb={t('operators.remove')} confirm={() => takeAway(leaving)} close={() => setLeaving(undefined)}>
          {t('operators.remove.detail')}
        </Confirm>
      )}
    </>
  )
}

function Add({ add, changed, close }: Pick<Props, 'add'> & { changed: () => Promise<void>; close: () => void }) {
  const t = useText()
  const { say } = useFlash()
  const key = useKey()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [locale, setLocale] = useState<AccountStaffBody['locale']>('fr')
  const body = { name: name.trim(), email: email.trim(), locale }
  const confirm = async () => {
    try {
      await add(body, key.of(body))
    } catch (error) {
      key.refused(error)
      throw error
    }
    await changed()
    say({ type: 'success', content: t('operators.added', { email: body.email }) })
    close()
  }
  return (
    <Confirm title={t('operators.add')} verb={t('operators.add.verb')} disabled={body.name === '' || !body.email.includes('@')} confirm={confirm} close={close}>
      <SpaceBetween size="m">
        <FormField label={t('operators.column.name')}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label={t('operators.column.email')} description={t('operators.email.detail')}>
          <Input type="email" inputMode="email" value={email} onChange={({ detail }) => setEmail(detail.value)} />
        </FormField>
        <FormField label={t('operators.locale')}>
          <Select
            selectedAriaLabel={t('app.selected')}
            options={languages.map((value) => ({ value, label: t(`app.language.${value}`) }))}
            selectedOption={{ value: locale, label: t(`app.language.${locale}`) }}
            onChange={({ detail }) => isLanguage(detail.selectedOption.value) && setLocale(detail.selectedOption.value)}
          />
        </FormField>
      </SpaceBetween>
    </Confirm>
  )
}
