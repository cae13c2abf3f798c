import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { ask, changeAccount, ifMatch, type AccountContact, type AccountWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { currencies as inUse } from '../../app/currency'
import { useFlash } from '../../app/flash'
import { languages, isLanguage, useLanguage, useText } from '../../app/texts'

type Props = { account: AccountWire; tag: string; changed: () => Promise<void>; close: () => void }

/** Changes an account's settings: an operator alone may. */
export function Edit({ account, tag, changed, close }: Props) {
  const t = useText()
  const { say } = useFlash()
  const { language } = useLanguage()
  // What was read when the window opened: what somebody else changes meanwhile is not sent back over it.
  const [first] = useState(account)
  const [draft, setDraft] = useState({ timeZone: account.timeZone, locale: account.locale, currency: account.currency, edition: account.edition })
  const [representative, setRepresentative] = useState<AccountContact>(account.representative)
  const zones = useMemo(() => withOwn(Intl.supportedValuesOf('timeZone'), account.timeZone).map((value) => ({ value, label: value })), [account.timeZone])
  const currencies = useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: 'currency' })
    return withOwn(inUse(), account.currency).map((value) => ({ value, label: value, description: names.of(value) }))
  }, [language, account.currency])
  const confirm = async () => {
    const said = Object.fromEntries(Object.entries(representative).map(([field, value]) => [field, value?.trim() || undefined]))
    const own = { ...draft, edition: draft.edition.trim() }
    const changes = Object.fromEntries(Object.entries(own).filter(([field, value]) => value !== first[field as keyof typeof own]))
    const body = JSON.stringify(said) === JSON.stringify(first.representative) ? changes : { ...changes, representative: said }
    try {
      await ask(changeAccount({ path: { accountId: account.id }, headers: ifMatch(tag), body }))
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('settings.saved') })
    close()
  }
  const texts = { selectedAriaLabel: t('app.selected'), filteringType: 'auto' as const, filteringAriaLabel: t('settings.find'), filteringPlaceholder: t('settings.find') }
  return (
    <Confirm title={t('settings.change.title', { name: account.name })} verb={t('settings.save')} size="large" disabled={draft.edition.trim() === ''} confirm={confirm} close={close}>
      <SpaceBetween size="m">
        <ColumnLayout columns={2}>
          <FormField label={t('settings.timeZone')} description={t('settings.timeZone.detail')}>
            <Select {...texts} options={zones} selectedOption={{ value: draft.timeZone, label: draft.timeZone }} onChange={({ detail }) => setDraft({ ...draft, timeZone: detail.selectedOption.value ?? draft.timeZone })} virtualScroll />
          </FormField>
          <FormField label={t('settings.locale')} description={t('settings.locale.detail')}>
            <Select
              selectedAriaLabel={t('app.selected')}
              options={languages.map((value) => ({ value, label: t(`app.language.${value}`) }))}
              selectedOption={{ value: draft.locale, label: t(`app.language.${draft.locale}`) }}
              onChange={({ detail }) => isLanguage(detail.selectedOption.value) && setDraft({ ...draft, locale: detail.selectedOption.value })}
            />
          </FormField>
          <FormField label={t('settings.currency')}>
            <Select {...texts} options={currencies} selectedOption={{ value: draft.currency, label: draft.currency }} onChange={({ detail }) => setDraft({ ...draft, currency: detail.selectedOption.value ?? draft.currency })} virtualScroll />
          </FormField>
          <FormField label={t('settings.edition')} description={t('settings.edition.detail')}>
            <Input value={draft.edition} onChange={({ detail }) => setDraft({ ...draft, edition: detail.value })} />
          </FormField>
        </ColumnLayout>
        <ContactFields contact={representative} change={setRepresentative} heading={t('settings.representative')} />
      </SpaceBetween>
    </Confirm>
  )
}

// Older names of a zone are good ones too.
const withOwn = (all: string[], own: string) => (all.includes(own) ? all : [own, ...all])

/** Name, e-mail and phone of whom to ask. */
export function ContactFields({ contact, change, heading }: { contact: AccountContact; change: (contact: AccountContact) => void; heading: string }) {
  const t = useText()
  return (
    <FormField label={heading} stretch>
      <ColumnLayout columns={3}>
        <FormField label={t('settings.contact.name')}>
          <Input value={contact.name ?? ''} onChange={({ detail }) => change({ ...contact, name: detail.value })} />
        </FormField>
        <FormField label={t('settings.contact.email')}>
          <Input type="email" inputMode="email" value={contact.email ?? ''} onChange={({ detail }) => change({ ...contact, email: detail.value })} />
        </FormField>
        <FormField label={t('settings.contact.phone')}>
          <Input inputMode="tel" value={contact.phone ?? ''} onChange={({ detail }) => change({ ...contact, phone: detail.value })} />
        </FormField>
      </ColumnLayout>
    </FormField>
  )
}
