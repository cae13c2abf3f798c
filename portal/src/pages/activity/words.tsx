import Box from '@cloudscape-design/components/box'
import type { ActivityRecord } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'

/** What is done in accounts; a test holds it to what the product records. */
export const actions = [
  'account.created', 'account.changed', 'account.partner_linked', 'account.partner_unlinked', 'account.recounted', 'member.enrolled', 'member.signed_in_first',
  'user.added', 'user.changed', 'user.deactivated', 'user.erased', 'user.reactivated', 'user.invitation_sent', 'export.requested', 'export.finished',
  'permission_set.created', 'permission_set.changed', 'permission_set.deleted',
  'contract.imported', 'contract.changed', 'contract.expiring', 'contract.expired', 'contract.terms_changed', 'line.pools_changed',
  'system.imported', 'system.changed', 'system.connected', 'system.disconnected',
  'seat.assigned', 'seat.removed', 'seat.changed', 'seat.moved',
  'cost_center.created', 'cost_center.changed', 'cost_center.archived', 'cost_center.reactivated',
  'order.placed', 'licences.removal_scheduled', 'licences.removal_withdrawn', 'licences.removed',
  'request.sent', 'request.answered', 'request.put_in_cart', 'request.withdrawn', 'request.reopened',
]

/** What is done to what is the vendor's own. */
export const vendorActions = ['partner.created', 'staff.enrolled', 'staff.invited', 'staff.signed_in_first', 'staff.removed', 'product.added', 'product.changed', 'seller.changed']

const nounsOf = (names: string[]) => [...new Set(names.map((action) => action.slice(0, action.indexOf('.'))))]

/** The nouns that actions begin with. */
export const kinds = nounsOf(actions)
export const vendorKinds = nounsOf(vendorActions)

const values = ['super_administrator', 'administrator', 'manage_licences', 'manage_users', 'manage_billing', 'view', 'active', 'invited', 'deactivated', 'commercial', 'trial', 'true', 'false', 'open', 'in_cart', 'answered', 'declined', 'withdrawn']
const fields = ['none', 'used', 'purchased', 'name', 'email', 'language', 'locale', 'roles', 'permissions', 'state', 'partnerId', 'days', 'expiryDate', 'startDate', 'limit', 'timeZone', 'currency', 'edition', 'features', 'contractId', 'costCenterId', 'kind', 'url', 'systemsPurchased', 'alertDays']
// Of the vendor's own records.
const sold = ['product', 'add_on', 'optional', 'upgrade']
const taxed = ['standard', 'reduced', 'exempt']
const vendorFields = ['legalName', 'street', 'postalCode', 'city', 'country', 'taxNumber', 'registration', 'dependsOn', 'excludes', 'derived', 'editions', 'taxCategory', 'prices', 'version', 'fr', 'en']

/** What was done. Actions are only ever added: one that is new here is shown by its name in the API. */
export function actionName(t: Text, action: string): string {
  const [noun, verb] = action.split('.')
  return actions.includes(action) || vendorActions.includes(action) ? t(`activity.action.${noun}.${verb}`) : action
}

/** Who did it: a person, or the service by itself. */
export function authorName(t: Text, { kind, name }: ActivityRecord['author']): string {
  if (kind === 'clock') return t('activity.author.clock')
  const who = name || t(`activity.author.${kind}`)
  return kind === 'member' || !name ? who : t('activity.author.of', { name, kind: t(`activity.author.${kind}`) })
}

const asked = ['more_seats', 'price', 'upgrade', 'support']

/** What it was done to. An order has no name, and a request the kind's in the API. */
export function thingName(t: Text, { noun, name, id }: ActivityRecord['subject']): string {
  if (noun === 'order') return t('activity.thing.order')
  if (noun === 'request' && name && asked.includes(name)) return t(`requests.kind.${name}`)
  return name || id
}

/** One value that changed, under the way to it. */
export type Change = { field: string; before?: string; after?: string }

/** What changed, value by value: objects are gone into. */
export function changesOf(record: Pick<ActivityRecord, 'before' | 'after'>): Change[] {
  const before = flat(record.before)
  const after = flat(record.after)
  return [...new Set([...before.keys(), ...after.keys()])].map((field) => ({ field, before: before.get(field), after: after.get(field) }))
}

function flat(value: unknown, at = '', into = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) into.set(at, value.join(', '))
  else if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) flat(one, at === '' ? key : `${at}.${key}`, into)
  else if (value !== undefined && value !== null && value !== '') into.set(at, String(value as string | number | boolean))
  return into
}

// What says nothing to a reader on the way to a value.
const groups = ['lines', 'pools', 'seats', 'byCostCenter']

function fieldName(t: Text, field: string): string {
  const parts = field.split('.').filter((part) => !groups.includes(part))
  return parts.map((part) => (fields.includes(part) || vendorFields.includes(part) ? t(`activity.field.${part}`) : part)).join(' · ')
}

/** What a value is called where its field says so: “standard” is a tax, and may be an edition too. */
function valueOf(t: Text, format: Format, field: string, value: string): string {
  if (field === 'kind' && sold.includes(value)) return t(`catalog.kind.${value}`)
  if (field === 'taxCategory' && taxed.includes(value)) return t(`product-catalog.tax.${value}`)
  return valueName(t, format, value)
}

/** A value in words where it is one of the API's own, and a day as the reader writes days. */
function valueName(t: Text, format: Format, value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return format.date(value)
  const words = value.split(/, ?/)
  return words.every((word) => values.includes(word)) ? format.list(words.map((word) => t(`activity.value.${word}`))) : value
}

/** The changes of a record, one a line. */
export function Changes({ record, t, format }: { record: ActivityRecord; t: Text; format: Format }) {
  const changes = changesOf(record)
  const touched = record.targets ?? []
  if (changes.length === 0 && touched.length === 0) return null
  return (
    <ul className="changes">
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <Box variant="span" color="text-body-secondary">
            {fieldName(t, field)}
          </Box>{' '}
          {before !== undefined && <del>{valueOf(t, format, field, before)}</del>} {after !== undefined && <ins>{valueOf(t, format, field, after)}</ins>}
        </li>
      ))}
      {touched.length > 0 && <li>{t('activity.targets', { names: format.list(touched.map((thing) => thingName(t, thing))) })}</li>}
    </ul>
  )
}
