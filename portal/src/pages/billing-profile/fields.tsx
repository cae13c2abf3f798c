import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import type { AccountBillingWire, Problem } from '../../api/client'
import { useLanguage, useText } from '../../app/texts'

/** A company as it stands on an invoice: who is billed, and who sells. */
export type Company = AccountBillingWire
type Field = keyof Company
const required = ['legalName', 'street', 'city', 'country'] as const

/** What has to be filled in and is not. */
export const missing = (draft: Company): Field[] => required.filter((field) => draft[field].trim() === '')

export type FieldsProps<C extends Company> = {
  draft: C
  change: (draft: C) => void
  tried: boolean
  problem: Problem | undefined
  /** The countries to choose from. */
  countries: string[]
  /** What the address for mails is here, and what it is for. */
  mail: { label: string; detail: string }
}

export function Fields<C extends Company>({ draft, change, tried, problem, countries, mail }: FieldsProps<C>) {
  const t = useText()
  // What the API refused stands beside its field, until the field is changed and sent again.
  const wrong = (field: Field) => (tried && missing(draft).includes(field) ? t('billing-profile.required') : refused(problem, field))
  const input = (field: Exclude<Field, 'country'>, detail?: string, label = t(`billing-profile.${field}`)) => (
    <FormField label={label} description={detail} errorText={wrong(field)}>
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
        <Country value={draft.country} choose={(country) => change({ ...draft, country })} countries={countries} wrong={wrong('country')} />
        {input('taxNumber', t('billing-profile.taxNumber.detail'))}
      </ColumnLayout>
      {input('email', mail.detail, mail.label)}
    </SpaceBetween>
  )
}

/** What the API said of a field. */
export const refused = (problem: Problem | undefined, field: string): string | undefined => problem?.errors.find(({ location }) => location === `body.${field}`)?.detail

const completed: Record<Exclude<Field, 'country'>, string | boolean> = { legalName: 'organization', street: 'street-address', postalCode: 'postal-code', city: 'address-level2', taxNumber: false, email: 'email' }

function Country({ value: chosen, choose, countries, wrong }: { value: string; choose: (country: string) => void; countries: string[]; wrong: string | undefined }) {
  const t = useText()
  const { language } = useLanguage()
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: 'region' })
    return countries.map((value) => ({ value, label: names.of(value) ?? value, tags: [value] })).sort((a, b) => a.label.localeCompare(b.label, language))
  }, [language, countries])
  return (
    <FormField label={t('billing-profile.country')} description={t('billing-profile.country.detail')} errorText={wrong}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === chosen) ?? null}
        placeholder={t('billing-profile.country.choose')}
        onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
        filteringType="auto"
        filteringAriaLabel={t('billing-profile.country.find')}
        filteringPlaceholder={t('billing-profile.country.find')}
        selectedAriaLabel={t('app.selected')}
        empty={t('app.table.noMatch')}
        // A short list is drawn whole.
        virtualScroll={options.length > 50}
      />
    </FormField>
  )
}
