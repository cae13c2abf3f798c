import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import { useQuery } from '@tanstack/react-query'
import { ask, listPermissionSets, type UserWire } from '../../api/client'
import { useAccount, type Account } from '../../app/account'
import { useText } from '../../app/texts'

export type Role = UserWire['roles'][number]

/** What is typed about a person. */
export type Typed = { name: string; email: string; extension: string; locale: '' | 'fr' | 'en'; roles: Role[]; permissionSetIds: string[] }

export const nobody: Typed = { name: '', email: '', extension: '', locale: '', roles: [], permissionSetIds: [] }

const roles: Role[] = ['super_administrator', 'administrator', 'manage_licences', 'manage_users', 'manage_billing', 'view']
const locales = ['', 'fr', 'en'] as const

/** Whether the reader may give a role: nobody gives what they have not. The vendor's operators may give all. */
function mayGive(role: Role, { mine }: Account): boolean {
  if (mine.kind !== 'member' || mine.roles.includes('super_administrator')) return true
  if (role === 'super_administrator') return false
  return role === 'administrator' ? mine.roles.includes('administrator') : mine.permissions.includes(role)
}

type Props = {
  typed: Typed
  type: (change: Partial<Typed>) => void
  /** Whoever has a language of their own keeps one. */
  ownLocale?: boolean
}

/** The fields of a person. */
export function Fields({ typed, type, ownLocale = false }: Props) {
  const t = useText()
  const localeOf = (locale: Typed['locale']) => ({ value: locale, label: locale === '' ? t('users.locale.account') : t(`app.language.${locale}`) })
  return (
    <>
      <FormField label={t('users.column.name')}>
        <Input value={typed.name} onChange={({ detail }) => type({ name: detail.value })} autoComplete="off" />
      </FormField>
      <FormField label={t('users.column.email')} description={t('users.email.hint')}>
        <Input value={typed.email} type="email" inputMode="email" onChange={({ detail }) => type({ email: detail.value })} autoComplete="off" />
      </FormField>
      <FormField label={t('users.column.extension')}>
        <Input value={typed.extension} onChange={({ detail }) => type({ extension: detail.value })} autoComplete="off" />
      </FormField>
      <FormField label={t('users.locale')}>
        <Select selectedOption={localeOf(typed.locale)} options={locales.filter((locale) => !ownLocale || locale !== '').map(localeOf)} onChange={({ detail }) => type({ locale: detail.selectedOption.value as Typed['locale'] })} selectedAriaLabel={t('app.selected')} expandToViewport />
      </FormField>
      <Rights typed={typed} type={type} />
    </>
  )
}

function Rights({ typed, type }: Props) {
  const t = useText()
  const account = useAccount()
  const sets = useQuery({
    queryKey: ['permission-sets', account.id, 'all'],
    queryFn: ({ signal }) => ask(listPermissionSets({ path: { accountId: account.id }, signal })),
  })
  const roleOf = (role: Role) => ({ value: role, label: t(`users.role.${role}`), description: t(`users.role.${role}.hint`) })
  const setOptions = (sets.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      <FormField label={t('users.column.roles')} description={t('users.roles.hint')}>
        <Multiselect
          selectedOptions={typed.roles.map(roleOf)}
          options={roles.filter((role) => mayGive(role, account) || typed.roles.includes(role)).map(roleOf)}
          onChange={({ detail }) => type({ roles: detail.selectedOptions.map(({ value }) => value as Role) })}
          placeholder={t('users.roles.choose')}
          deselectAriaLabel={({ label }) => t('users.drop', { name: label ?? '' })}
          selectedAriaLabel={t('app.selected')}
          expandToViewport
        />
      </FormField>
      {setOptions.length > 0 && (
        <FormField label={t('users.sets')}>
          <Multiselect
            selectedOptions={typed.permissionSetIds.map((id) => setOptions.find(({ value }) => value === id) ?? { value: id, label: id })}
            options={setOptions}
            onChange={({ detail }) => type({ permissionSetIds: detail.selectedOptions.map(({ value }) => value ?? '') })}
            placeholder={t('users.sets.choose')}
            deselectAriaLabel={({ label }) => t('users.drop', { name: label ?? '' })}
            selectedAriaLabel={t('app.selected')}
            expandToViewport
          />
        </FormField>
      )}
    </>
  )
}
