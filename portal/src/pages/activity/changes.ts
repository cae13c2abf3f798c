import type { ActivityRecord } from '../../api/client'
import type { Format, Money } from '../../app/format'
import type { Text } from '../../app/texts'

/** The fields of records, and of the objects within them; a test holds them to what the product records. */
export const fields = [
  'none', 'used', 'purchased', 'name', 'email', 'language', 'locale', 'roles', 'permissions', 'state', 'partnerId', 'days', 'expiryDate', 'startDate', 'limit', 'timeZone', 'currency', 'edition',
  'features', 'contractId', 'costCenterId', 'kind', 'url', 'systemsPurchased', 'alertDays', 'seats', 'pools', 'bought', 'contracted', 'override', 'available', 'attention', 'pendingRemoval', 'quantity',
  'reinstated', 'effectiveDate', 'productId', 'productName', 'contractName', 'total', 'count', 'systemsMapped', 'contractsOverPurchased', 'activeCostCenters', 'billing', 'representative', 'legalName',
  'street', 'postalCode', 'city', 'country', 'taxNumber', 'phone', 'registration', 'extension', 'permissionSetIds', 'to', 'size', 'prices', 'editions', 'taxCategory', 'dependsOn', 'excludes',
  'derived', 'version', 'en', 'fr', 'pending', 'queues', 'call', 'inbox', 'outbound',
]

/** What says nothing to a reader on the way to a value. */
export const groups = ['lines', 'pools', 'seats', 'byCostCenter', 'rows', 'requests']

/** Those that are named by ids, which may have dots in them. */
const byId = ['lines', 'seats', 'requests']

// The words that the API has for itself, by the field that they stand in.
const rights = ['super_administrator', 'administrator', 'manage_licences', 'manage_users', 'manage_billing', 'view']
const states = ['active', 'invited', 'deactivated', 'open', 'in_cart', 'ordered', 'answered', 'declined', 'withdrawn', 'archived', 'pending', 'running', 'ready', 'failed', 'expired']
const words: Record<string, string[]> = {
  roles: rights,
  permissions: rights,
  state: states,
  kind: ['commercial', 'trial', 'product', 'add_on', 'optional'],
  taxCategory: ['standard', 'reduced', 'exempt'],
}
export const asked = ['more_seats', 'price', 'upgrade', 'support']
const audiences = ['administrators', 'partner', 'representative', 'vendor']

type Value = string | number | boolean | string[] | Money

/** One value that changed, under the way to it. */
export type Change = { path: string[]; before?: Value; after?: Value }

/** What changed, value by value: objects are gone into, and lists of them. */
export function changesOf({ before, after, targets = [] }: Pick<ActivityRecord, 'before' | 'after' | 'targets'>): Change[] {
  const all = new Map<string, Change>()
  for (const [side, values] of [['before', before], ['after', after]] as const)
    for (const [key, value] of Object.entries(values ?? {})) put(all, side, wayOf(key, targets), value)
  return [...all.values()]
}

/** A field of a record may itself be a way: lines.fax.limit. */
function wayOf(key: string, targets: { id: string }[]): string[] {
  const group = byId.find((name) => key.startsWith(`${name}.`))
  if (!group) return key.split('.')
  const rest = key.slice(group.length + 1)
  const id = targets.map((thing) => thing.id).find((one) => rest === one || rest.startsWith(`${one}.`)) ?? rest.split('.')[0]!
  return [group, id, ...rest.slice(id.length + 1).split('.').filter(Boolean)]
}

function put(all: Map<string, Change>, side: 'before' | 'after', path: string[], value: unknown): void {
  if (value === undefined || value === null || value === '') return
  if (Array.isArray(value) && value.some((one) => typeof one === 'object')) {
    value.forEach((one: Record<string, unknown>, at) => put(all, side, [...path, rowName(one, at)], named(one)))
  } else if (typeof value === 'object' && !Array.isArray(value) && !isMoney(value)) {
    for (const [key, one] of Object.entries(value)) put(all, side, [...path, key], one)
  } else if (!Array.isArray(value) || value.length > 0) {
    const key = JSON.stringify(path)
    all.set(key, { ...(all.get(key) ?? { path }), [side]: value as Value })
  }
}

/** What a row of a list is called: its product's name, or its place. */
const rowName = ({ productName, productId }: Record<string, unknown>, at: number) => String((productName || productId) ?? at + 1)

/** A row without the ids of what it has the name of. */
function named(row: Record<string, unknown>): Record<string, unknown> {
  const { productId: _product, productName: _name, ...rest } = row
  if (rest['contractName']) delete rest['contractId']
  return rest
}

function isMoney(value: object): value is Money {
  return Object.keys(value).sort().join() === 'amount,currency' && typeof (value as Money).amount === 'number' && typeof (value as Money).currency === 'string'
}

/** A way in words. names are those of the things that a record is about, by their ids. */
export function fieldName(t: Text, path: string[], names: Map<string, string>): string {
  const said = path.flatMap((part, at) => {
    if (at < path.length - 1 && groups.includes(part)) return []
    // A product may have any id, such as phone.
    const isName = [...byId, 'rows'].includes(path[at - 1] ?? '')
    return [names.get(part) ?? (!isName && fields.includes(part) ? t(`activity.field.${part}`) : part)]
  })
  return said.join(' · ')
}

/** A value in words where it is one of the API's own; days, figures and money as the reader writes them. */
export function valueName(t: Text, format: Format, path: string[], value: Value, names: Map<string, string>): string {
  const field = path.at(-1) ?? ''
  if (typeof value === 'number') return format.number(value)
  if (typeof value === 'boolean') return t(`activity.value.${value}`)
  const all = Array.isArray(value) ? value : undefined
  if (all) return format.list(all.map((one) => wordOf(t, field, String(one)) ?? names.get(String(one)) ?? String(one)))
  if (typeof value === 'object') return format.money(value as Money)
  const text = value as string
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return format.date(text)
  if (field === 'prices') return pricesName(t, format, text)
  // Several words are kept as one text.
  const several = text.split(/[ ,]+/).map((one) => wordOf(t, field, one))
  return several.every((one) => one !== undefined) ? format.list(several) : (names.get(text) ?? text)
}

/** A word of the API's own in the reader's; undefined for what is none. */
function wordOf(t: Text, field: string, word: string): string | undefined {
  if (field === 'kind' && asked.includes(word)) return t(`requests.kind.${word}`)
  if (field === 'to' && audiences.includes(word)) return t(`requests.to.${word}`)
  if (['language', 'locale'].includes(field) && ['fr', 'en'].includes(word)) return t(`app.language.${word}`)
  return words[field]?.includes(word) ? t(`activity.value.${word}`) : undefined
}

/** "EUR monthly (1: 1250, 25: 1000); …" is how prices are recorded: tiers of whole minor units, by currency and period. */
function pricesName(t: Text, format: Format, text: string): string {
  const prices = text.split('; ').map((one) => /^([A-Z]{3}) (monthly|yearly) \((\d+: \d+(?:, \d+: \d+)*)\)$/.exec(one))
  const said = prices.map((match) => {
    if (!match) return undefined
    const [, currency = '', period = '', tiers = ''] = match
    const each = tiers.split(', ').map((tier) => tier.split(': ').map(Number))
    return t('activity.prices', {
      period: t(`catalog.period.${period}`),
      tiers: each.map(([from = 1, amount = 0]) => t('activity.prices.tier', { price: format.money({ amount, currency }), from })).join(', '),
    })
  })
  return said.every((one) => one !== undefined) ? said.join(' · ') : text
}
