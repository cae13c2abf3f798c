import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { answering, refusal } from '../../testing/answers'
import { accountId, show } from '../../testing/render'
import { wholeCsv } from '../../api/csv'
import VendorActivity from '../vendor-activity'
import { actions, changesOf, vendorActions } from './words'
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
    for (const words of ['Type Complément Mise à niveau', 'Taxe Taux normal Taux réduit', 'Éditions entry entry standard', 'Nom · en français Fax Télécopie']) expect(row.textContent).toContain(words)
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
      { field: 'roles', before: 'view', after: 'view, manage_users' },
      { field: 'lines.fax.limit', before: undefined, after: '3' },
    ])
  })
})
