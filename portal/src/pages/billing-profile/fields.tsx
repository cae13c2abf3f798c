import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import type { AccountBillingWire, Problem } from '../../api/client'
import { useLanguage, useText } from '../../app/texts'
import { countries } from './countries'

type Field = keyof AccountBillingWire
const required = ['legalName', 'street', 'city', 'country'] as const

/** What has to be filled in and is not. */
export const missing = (draft: AccountBillingWire): Field[] => required.filter((field) => draft[field].trim() === '')

type Props = { draft: AccountBillingWire; change: (draft: AccountBillingWire) => void; tried: boolean; problem: Problem | undefined }

export function Fields({ draft, change, tried, problem }: Props) {
  const t = useText()
  // What the API refused stands beside its field, until the field is changed and sent again.
  const wrong = (field: Field) => (tried && missing(draft).includes(field) ? t('billing-profile.required') : problem?.errors.find(({ location }) => location === `body.${field}`)?.detail)
  const input = (field: Exclude<Field, 'country'>, detail?: string) => (
    <FormField label={t(`billing-profile.${field}`)} description={detail} errorText={wrong(field)}>
      <Input value={draft[field]} type={field === 'email' ? 'email' : 'text'} autoComplete={completed[field]} onChange={({ detail }) => change({ ...draft, [field]: detail.value })} />
    </FormField>
  )
  return (
    <SpaceBetween size="l">
      {input('legalName', t('billing-profile.legalName.detail'))}
      {input('street')}
      <ColumnLayout columns={2}>
        {input('postalCode')}
        {input('city')}
      </ColumnLayout>
      <ColumnLayout columns={2}>
        <Country draft={draft} change={change} wrong={wrong('country')} />
        {input('taxNumber', t('billing-profile.taxNumber.detail'))}
      </ColumnLayout>
      {input('email', t('billing-profile.email.detail'))}
    </SpaceBetween>
  )
}

const completed: Record<Exclude<Field, 'country'>, string | boolean> = { legalName: 'organization', street: 'street-address', postalCode: 'postal-code', city: 'address-level2', taxNumber: false, email: 'email' }

function Country({ draft, change, wrong }: Pick<Props, 'draft' | 'change'> & { wrong: string | undefined }) {
  const t = useText()
  const { language } = useLanguage()
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: 'region' })
    return countries.map((value) => ({ value, label: names.of(value) ?? value, tags: [value] })).sort((a, b) => a.label.localeCompare(b.label, language))
  }, [language])
  return (
    <FormField label={t('billing-profile.country')} description={t('billing-profile.country.detail')} errorText={wrong}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === draft.country) ?? null}
        placeholder={t('billing-profile.country.choose')}
        onChange={({ detail }) => change({ ...draft, country: detail.selectedOption.value ?? '' })}
        filteringType="auto"
        filteringAriaLabel={t('billing-profile.country.find')}
        filteringPlaceholder={t('billing-profile.country.find')}
        selectedAriaLabel={t('app.selected')}
        empty={t('app.table.noMatch')}
        virtualScroll
      />
    </FormField>
  )
}
