import Box from '@cloudscape-design/components/box'
import type { ActivityRecord } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'
import { asked, changesOf, fieldName, valueName } from './changes'

/** What is done in accounts; a test holds it to what the product records. */
export const actions = [
  'account.created', 'account.changed', 'account.partner_linked', 'account.partner_unlinked', 'account.recounted', 'member.enrolled', 'member.signed_in_first',
  'user.added', 'user.changed', 'user.deactivated', 'user.erased', 'user.reactivated', 'user.queues_changed', 'user.invitation_sent', 'export.requested', 'export.finished',
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

/** What it was done to. An order has no name, and a request the kind's in the API. */
export function thingName(t: Text, { noun, name, id }: ActivityRecord['subject']): string {
  if (noun === 'order') return t('activity.thing.order')
  if (noun === 'request' && name && asked.includes(name)) return t(`requests.kind.${name}`)
  return name || id
}

/** The changes of a record, one a line. */
export function Changes({ record, t, format }: { record: ActivityRecord; t: Text; format: Format }) {
  const changes = changesOf(record)
  const touched = record.targets ?? []
  const names = new Map([record.subject, ...touched].map((thing) => [thing.id, thingName(t, thing)]))
  if (changes.length === 0 && touched.length === 0) return null
  return (
    <ul className="changes">
      {changes.map(({ path, before, after }) => (
        <li key={path.join('.')}>
          <Box variant="span" color="text-body-secondary">
            {fieldName(t, path, names)}
          </Box>{' '}
          {before !== undefined && <del>{valueName(t, format, path, before, names)}</del>} {after !== undefined && <ins>{valueName(t, format, path, after, names)}</ins>}
        </li>
      ))}
      {touched.length > 0 && <li>{t('activity.targets', { names: format.list(touched.map((thing) => thingName(t, thing))) })}</li>}
    </ul>
  )
}
