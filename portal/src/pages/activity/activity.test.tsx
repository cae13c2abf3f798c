import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { answering, refusal } from '../../testing/answers'
import type { Account } from '../../app/account'
import { accountId, show } from '../../testing/render'
import { wholeCsv } from '../../api/csv'
import { formatOf } from '../../app/format'
import { intlOf, type Text } from '../../app/texts'
import * as fr from '../../texts/fr'
import { changesOf, fieldName, fields, groups, valueName } from './changes'
import { actions, vendorActions } from './words'
import VendorActivity from '../vendor-activity'
import Activity from '.'

const path = `/v1/accounts/${accountId}/activity`
const record = (n: number, more: object = {}) => ({
  id: `act_${n}`,
  at: '2026-11-21T09:00:00Z',
  action: 'contract.terms_changed',
  author: { kind: 'partner', name: 'Paul Arnaud' },
  subject: { noun: 'contract', id: 'ctr_1', name: 'Lyon' },
  before: { expiryDate: '2027-01-01' },
  after: { expiryDate: '2027-02-01' },
  ...more,
})

describe('activity', () => {
  it('has words for everything that is recorded in an account', () => {
    const recorded = readFileSync(join(import.meta.dirname, '../../../../internal/activity', 'activity.go'), 'utf8')
    const said = [...recorded.matchAll(/Action = "([a-z_.]+)"/g)].map(([, action = '']) => action)
    // What is the vendor's own stands in no account.
    const own = said.filter((action) => !/^(partner|staff|product|seller)\./.test(action))
    expect(own.length).toBeGreaterThan(30)
    expect(own.filter((action) => !actions.includes(action))).toEqual([])
    expect(said.filter((action) => !own.includes(action)).sort()).toEqual([...vendorActions].sort())
  })

  it('has words for every field that is recorded', () => {
    const all = [...new Set([...inSources(), ...inSamples()])].filter((field) => !groups.includes(field))
    expect(all).toEqual(expect.arrayContaining(['bought', 'legalName', 'pendingRemoval', 'effectiveDate', 'prices', 'total', 'quantity', 'contractName', 'phone', 'systemsMapped', 'size']))
    expect(all.filter((field) => !fields.includes(field))).toEqual([])
  })

  it('says who did what, with before and after, in the reader’s words', async () => {
    answering({ [`GET ${path}`]: () => ({ body: { items: [record(1), record(2, { action: 'seat.vanished', author: { kind: 'clock' } })] } }) })
    show(<Activity />, { language: 'fr' })
    const row = (await screen.findByText('Conditions modifiées')).closest('tr')!
    expect(row.textContent).toContain('Paul Arnaud (partenaire)')
    expect(row.textContent).toContain('1 janv. 2027')
    expect(row.textContent).toContain('1 févr. 2027')
    // An action that this portal does not know yet is shown all the same.
    expect(screen.getByText('seat.vanished')).toBeTruthy()
  })

  it('is asked for by kind within a month, which the API needs', async () => {
    const sent = answering({ [`GET ${path}`]: () => ({ body: { items: [record(1)] } }) })
    show(<Activity />, { path: '/?kind=contract&month=2026-11' })
    await screen.findByText('Terms changed')
    expect([sent[0]!.query.get('kind'), sent[0]!.query.get('month')]).toEqual(['contract', '2026-11'])
  })

  it('has its months in UTC, as the API, also where the account is in the next one already', async () => {
    const sent = answering({ [`GET ${path}`]: () => ({ body: { items: [record(1)] } }) })
    const mine = { kind: 'member', roles: [], permissions: ['view'], account: { id: accountId, name: 'Ateliers' }, today: '2026-12-01', now: '2026-11-30T19:00:00Z' } as unknown as Account['mine']
    show(<Activity />, { account: { timeZone: 'Pacific/Auckland', mine } })
    await userEvent.click(await screen.findByRole('button', { name: /^Kind/ }))
    await userEvent.click(await screen.findByRole('option', { name: 'Contracts' }))
    await waitFor(() => expect(sent.at(-1)!.query.get('kind')).toBe('contract'))
    expect(sent.at(-1)!.query.get('month')).toBe('2026-11')
    await userEvent.click(screen.getByRole('button', { name: /^Month/ }))
    expect((await screen.findAllByRole('option')).slice(0, 3).map((option) => option.textContent?.split(')')[0])).toEqual(['All months', 'November 2026 (UTC', 'October 2026 (UTC'])
  })

  it('is that of one thing after a click on its name', async () => {
    const sent = answering({ [`GET ${path}`]: () => ({ body: { items: [record(1)] } }) })
    show(<Activity />)
    await userEvent.click(await screen.findByRole('button', { name: 'See the activity of Lyon alone' }))
    await waitFor(() => expect(sent.at(-1)!.query.get('subjectId')).toBe('ctr_1'))
    expect(await screen.findByText('Only: Lyon')).toBeTruthy()
  })

  it('says why it could not be made a file', async () => {
    answering({ [`GET ${path}`]: ({ headers }) => (headers.get('Accept') === 'text/csv' ? refusal(500, 'internal', 'It broke.') : { body: { items: [record(1)] } }) })
    show(<Activity />)
    await userEvent.click(await screen.findByRole('button', { name: 'Download as CSV' }))
    expect(await screen.findByText('It broke.')).toBeTruthy()
  })
})

describe('the vendor’s activity', () => {
  const changed = {
    id: 'act_1',
    at: '2026-11-21T09:00:00Z',
    action: 'product.changed',
    author: { kind: 'operator', name: 'Olga', ip: '192.0.2.7' },
    subject: { noun: 'product', id: 'fax', name: 'Fax' },
    before: { kind: 'add_on', taxCategory: 'standard', editions: 'entry', 'name.fr': 'Fax' },
    after: { kind: 'upgrade', taxCategory: 'reduced', editions: 'entry standard', 'name.fr': 'Télécopie' },
  }

  it('is read without an account, in the words of what is the vendor’s', async () => {
    const sent = answering({ 'GET /v1/activity': () => ({ body: { items: [changed] } }) })
    show(<VendorActivity />, { language: 'fr', path: '/?kind=product&month=2026-11&subject=fax', me: { operator: true } })
    const row = (await screen.findByText('Produit modifié')).closest('tr')!
    expect(row.textContent).toContain('Olga (fournisseur)')
    await userEvent.click(screen.getByRole('button', { name: 'Détails de Fax' }))
    // "standard" is a tax here, and an edition there.
    for (const words of ['Type Complément Mise à niveau', 'Catégorie de TVA Taux normal Taux réduit', 'Éditions entry entry standard', 'Nom · Français Fax Télécopie']) expect(row.textContent).toContain(words)
    expect([...sent[0]!.query].filter(([name]) => name !== 'pageSize')).toEqual([
      ['month', '2026-11'],
      ['kind', 'product'],
      ['subjectId', 'fax'],
    ])
  })

  it('is filtered by its own kinds', async () => {
    const sent = answering({ 'GET /v1/activity': () => ({ body: { items: [changed] } }) })
    show(<VendorActivity />, { me: { operator: true } })
    await screen.findByText('Product changed')
    await userEvent.click(screen.getByRole('button', { name: /Kind/ }))
    expect(screen.getAllByRole('option').slice(1).map((option) => option.textContent)).toEqual(['Partners', 'Staff', 'Products', 'Seller'])
    await userEvent.click(screen.getByRole('option', { name: 'Seller' }))
    await waitFor(() => expect(sent.at(-1)!.query.get('kind')).toBe('seller'))
    expect(sent.at(-1)!.query.get('month')).toMatch(/^\d{4}-\d{2}$/)
  })
})

describe('a list as one CSV file', () => {
  it('has its titles once, and the rows of all pages', async () => {
    const pages = new Map([
      [undefined, { data: '\ufeffid,at\n1,a\n', link: '</v1/x?pageToken=t%2B2>; rel="next"' }],
      ['t+2', { data: '\ufeffid,at\n2,b\n', link: undefined }],
    ])
    const read = vi.fn((token: string | undefined) => {
      const page = pages.get(token)!
      return Promise.resolve({ data: page.data, response: new Response(null, { headers: page.link ? { Link: page.link } : {} }) })
    })
    expect(await wholeCsv(read)).toBe('\ufeffid,at\n1,a\n2,b\n')
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('what changed', () => {
  it('is told value by value, also within objects', () => {
    expect(changesOf({ before: { roles: ['view'] }, after: { roles: ['view', 'manage_users'], lines: { fax: { limit: 3 } } } })).toEqual([
      { path: ['roles'], before: ['view'], after: ['view', 'manage_users'] },
      { path: ['lines', 'fax', 'limit'], after: 3 },
    ])
  })

  const inFrench = (changed: object, names: [string, string][] = []) => {
    const { formatMessage } = intlOf('fr', fr.texts)
    const t: Text = (id, values) => formatMessage({ id }, values)
    const [format, known] = [formatOf('fr', 'Europe/Paris'), new Map(names)]
    const targets = names.map(([id, name]) => ({ noun: 'line', id, name }))
    return changesOf({ ...changed, targets }).map(({ path, before, after }) =>
      [fieldName(t, path, known), ...[before, after].map((value) => (value === undefined ? '' : valueName(t, format, path, value, known)))].map((text) => text.replace(/\s/gu, ' ')),
    )
  }

  it('of an order is its rows by their products and contracts, and money as the reader writes it', () => {
    const row = { byCostCenter: { none: 5 }, contractId: 'ctr_1', contractName: 'Lyon', productId: 'PBX', productName: 'Téléphonie', quantity: 1200, reinstated: 0 }
    const before = { 'lines.PBX.bought': null, 'lines.PBX.limit': 100 }
    expect(inFrench({ before, after: { 'lines.PBX.bought': 12, 'lines.PBX.limit': 110, rows: [row], total: { amount: 399_600, currency: 'EUR' } } }, [['PBX', 'Téléphonie']])).toEqual([
      ['Téléphonie · Limite', '100', '110'],
      ['Téléphonie · Achetées', '', '12'],
      ['Téléphonie · Sans centre de coûts', '', '5'],
      ['Téléphonie · Contrat', '', 'Lyon'],
      ['Téléphonie · Quantité', '', '1 200'],
      ['Téléphonie · Dont reprises d’un retrait', '', '0'],
      ['Total', '', '3 996,00 €'],
    ])
  })

  it('is in the reader’s words, whatever it is called in the API', () => {
    expect(inFrench({ after: { 'lines.fax.pro.pendingRemoval': { quantity: 3, effectiveDate: '2026-12-10' } } }, [['fax.pro', 'Fax']])).toEqual([
      ['Fax · À retirer · Quantité', '', '3'],
      ['Fax · À retirer · Date d’effet', '', '10 déc. 2026'],
    ])
    expect(inFrench({ after: { 'lines.phone.limit': 3 } })).toEqual([['phone · Limite', '', '3']])
    expect(inFrench({ before: { 'billing.legalName': 'A' }, after: { 'billing.legalName': 'B' } })).toEqual([['Facturation · Raison sociale', 'A', 'B']])
    expect(inFrench({ before: { roles: 'view' }, after: { roles: 'view manage_users' } })).toEqual([['Rôles', 'Consulter', 'Consulter et Gérer les utilisateurs']])
    expect(inFrench({ before: { seats: ['PBX'] }, after: { seats: [] } })).toEqual([['Sièges', 'PBX', '']])
    expect(inFrench({ after: { kind: 'more_seats', to: 'vendor', state: 'open', name: 'open' } })).toEqual([
      ['Type', '', fr.texts['requests.kind.more_seats']],
      ['Destinataire', '', fr.texts['requests.to.vendor']],
      ['État', '', 'ouverte'],
      ['Nom', '', 'open'],
    ])
    expect(inFrench({ after: { prices: 'EUR monthly (1: 1250, 25: 1000); HUF yearly (1: 499000)' } })).toEqual([
      ['Prix', '', 'Mensuel : 12,50 € dès 1 siège, 10,00 € dès 25 sièges · Annuel : 4 990,00 HUF dès 1 siège'],
    ])
  })
})

const root = join(import.meta.dirname, '../../../..')

/** The fields that the Go sources put into records: as an argument, as a key of what is put in, and by the tags of the types within. */
function inSources(): string[] {
  const within = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name))
  const files = [...within('internal'), ...within('infra/recount')].filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
  return files.flatMap((name) => {
    const source = readFileSync(name, 'utf8')
    const all = (pattern: RegExp, of = source) => [...of.matchAll(pattern)].map(([, found = '']) => found)
    const tags = all(/^type (?:purchase|Pool|Contact) struct \{(.*?)^\}/gms).flatMap((one) => all(/dynamodbav:"(\w+)/g, one))
    if (!source.includes('activity.')) return tags
    return [
      ...tags,
      ...all(/activity\.(?:Changed|Set)\([^,]+, ([^,]+),/g).flatMap((one) => all(/"([^"]+)"/g, one)).flatMap((one) => one.split('.')),
      ...all(/(?:activity\.Values|map\[string\]any|map\[string\]\[2\]\*int)\{(.*?)\}/gs).flatMap((one) => all(/"(\w+)":/g, one)),
      ...all(/\{"(\w+)", b\.\w+, after\.\w+\}/g),
      ...all(/\.(?:Before|After)\["(\w+)"\]/g),
    ].filter((field) => field !== '')
  })
}

/** The fields of the sample of each event, which has those of its record. */
function inSamples(): string[] {
  const folder = join(root, 'events/bus')
  const keys = (value: unknown, path = ''): string[] => {
    if (Array.isArray(value)) return value.flatMap((one) => keys(one, path))
    if (typeof value !== 'object' || value === null) return [path]
    return 'currency' in value && 'amount' in value ? [path] : Object.entries(value).flatMap(([key, one]) => [...(path === '' ? [] : [path]), ...keys(one, key)])
  }
  return readdirSync(folder).flatMap((name) => {
    const { before, after } = (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { detail: { before?: object; after?: object } }).detail
    // Products and cost centers stand in them by their ids.
    return [...keys(before), ...keys(after)].flatMap((key) => key.split('.')).filter((part) => part !== '' && !part.startsWith('PBX') && !part.startsWith('cc_'))
  })
}
