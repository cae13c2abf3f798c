import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { show } from '../../testing/render'
import Catalog from '.'

const prices = [{ currency: 'EUR', period: 'monthly', tiers: [{ from: 1, amount: 1250 }] }]
const fax = { id: 'fax', name: { fr: 'Télécopie', en: 'Fax' }, features: [], dependsOn: ['phone'], excludes: [], derived: false, kind: 'add_on', editions: ['standard'], prices, version: 3 }
const answers: Answers = {
  'GET /v1/catalog/products': () => ({ body: { items: [fax] } }),
  'GET /v1/catalog/products/fax': () => ({ body: fax, headers: { ETag: '"7"' } }),
}

describe('the catalog', () => {
  it('shows products with their rules and prices', async () => {
    answering(answers)
    show(<Catalog />, { language: 'fr', me: { operator: true } })
    const row = (await screen.findByText('Fax')).closest('tr')!
    expect(row.textContent).toContain('Demande phone')
    expect(row.textContent).toMatch(/12,50\s€ par mois/)
  })

  it('sends back all that was read, so that a change of name takes no price away', async () => {
    const sent = answering({ ...answers, 'PUT /v1/catalog/products/fax': () => ({ body: fax }) })
    show(<Catalog />, { me: { operator: true } })
    await userEvent.click(await screen.findByRole('button', { name: 'Change Fax' }))
    const name = await screen.findByRole('textbox', { name: 'Name in English' })
    await userEvent.type(name, ' archive')
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Fax archive is saved.')).toBeTruthy()
    const put = sent.find(({ method }) => method === 'PUT')!
    const { id: _id, version: _version, ...rest } = fax
    expect(put.body).toEqual({ ...rest, name: { fr: 'Télécopie', en: 'Fax archive' } })
    expect(put.headers.get('If-Match')).toBe('"7"')
  })

  it('takes a price with a comma, and one more tier', async () => {
    const sent = answering({ ...answers, 'PUT /v1/catalog/products/fax': () => ({ body: fax }) })
    show(<Catalog />, { language: 'fr', me: { operator: true } })
    await userEvent.click(await screen.findByRole('button', { name: 'Modifier Fax' }))
    const price = await screen.findByDisplayValue(/^12[.,]50$/)
    const dialog = within(screen.getByRole('dialog'))
    await userEvent.clear(price)
    await userEvent.type(price, '9,9x')
    expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Enregistrer' }).disabled).toBe(true)
    await userEvent.type(price, '{Backspace}')
    await userEvent.click(dialog.getByRole('button', { name: 'Enregistrer' }))
    await waitFor(() => expect(sent.some(({ method }) => method === 'PUT')).toBe(true))
    const { prices: put } = sent.find(({ method }) => method === 'PUT')!.body as { prices: typeof prices }
    expect(put[0]!.tiers[0]!.amount).toBe(990)
    expect(put.slice(1)).toEqual(prices.slice(1))
  })

  it('refuses in words a code that is in use, with what was typed still there', async () => {
    const sent = answering({ ...answers, 'PUT /v1/catalog/products/fax': () => refusal(428, 'if_match_required', 'There is such a product.') })
    show(<Catalog />, { me: { operator: true } })
    await userEvent.click(await screen.findByRole('button', { name: 'Add a product' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Code' }), 'fax')
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name in French' }), 'Fax')
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name in English' }), 'Fax')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(await within(dialog).findByText('There is such a product.')).toBeTruthy()
    expect(within(dialog).getByRole<HTMLInputElement>('textbox', { name: 'Code' }).value).toBe('fax')
    expect(sent.find(({ method }) => method === 'PUT')!.headers.get('If-Match')).toBeNull()
  })

  it('says which editions may buy a product, each once, and takes no other words', async () => {
    const sent = answering({ ...answers, 'PUT /v1/catalog/products/fax': () => ({ body: fax }) })
    show(<Catalog />, { me: { operator: true } })
    await userEvent.click(await screen.findByRole('button', { name: 'Change Fax' }))
    const editions = await screen.findByRole('textbox', { name: /Editions/ })
    const save = within(screen.getByRole('dialog')).getByRole<HTMLButtonElement>('button', { name: 'Save' })
    await userEvent.clear(editions)
    await userEvent.type(editions, 'Entry')
    expect(save.disabled).toBe(true)
    expect(screen.getAllByText(/small letters, digits and hyphens/)[0]).toBeTruthy()
    await userEvent.clear(editions)
    await userEvent.type(editions, 'entry, standard  entry')
    await userEvent.click(save)
    await waitFor(() => expect(sent.some(({ method }) => method === 'PUT')).toBe(true))
    expect((sent.find(({ method }) => method === 'PUT')!.body as { editions: string[] }).editions).toEqual(['entry', 'standard'])
  })

  it('shows how a product was sold, and leads to who changed it', async () => {
    answering({
      ...answers,
      'GET /v1/catalog/products/fax/versions': () => ({
        body: { items: [{ version: 2, at: '2026-11-20T09:00:00Z', kind: 'add_on', editions: ['entry'], prices }, { version: 1, at: '2026-11-02T09:00:00Z', kind: 'add_on', editions: [], prices: [] }] },
      }),
    })
    show(<Catalog />, { language: 'fr', me: { operator: true } })
    await userEvent.click(await screen.findByRole('button', { name: 'Versions de Fax' }))
    const dialog = within(screen.getByRole('dialog'))
    const row = (await dialog.findByText('Seulement pour entry')).closest('tr')!
    expect(row.textContent).toMatch(/12,50\s€ par mois/)
    expect(dialog.getByText('Pas en vente')).toBeTruthy()
    expect(dialog.getByRole('link', { name: 'Qui l’a modifié' }).getAttribute('href')).toBe('/activity?subject=fax')
  })

  it('tells operators that nobody sells', async () => {
    answering({ ...answers, 'GET /v1/catalog/seller': () => refusal(404, 'not_found', 'Nothing here.') })
    show(<Catalog />, { me: { operator: true } })
    expect(await screen.findByRole('link', { name: 'Fill in the seller' })).toBeTruthy()
  })
})
