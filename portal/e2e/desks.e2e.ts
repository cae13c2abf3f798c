import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { accountId, accounts, call, launch, Portal } from './portal'

let browser: Browser
let french: string
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
})
afterAll(() => browser.close())

const inAccount = (path: string) => `/accounts/${french}/${path}`

/** A contract whose terms no other journey sets. */
async function contractOfReims(): Promise<{ purchased: number; set: (purchased: number) => Promise<unknown> }> {
  const { items } = await call<{ items: { id: string; name: string; systems: { purchased: number } }[] }>('partner', 'GET', `/v1/accounts/${french}/contracts?q=reims`)
  const { id, systems } = items.find(({ name }) => name === 'Visioconférence – Reims')!
  return { purchased: systems.purchased, set: (systemsPurchased) => call('operator', 'PATCH', `/v1/accounts/${french}/contracts/${id}/terms`, { systemsPurchased }, { 'If-Match': '*' }) }
}

describe('the overview of an account', () => {
  it('says what needs attention, leads to all activity, and gives it as a file', async () => {
    // Within this month also where the data is of the last one.
    const { purchased, set } = await contractOfReims()
    await set(purchased + 1)
    await set(purchased)
    const portal = await Portal.open(browser, 'admin', inAccount('home'), { language: 'fr' })
    await portal.row('Visioconférence – Nantes').first().waitFor()
    await portal.row('Centre de contact – Lyon').first().waitFor()
    await portal.page.getByRole('application', { name: 'Occupation dans le temps' }).waitFor()
    await portal.page.getByText('Les chiffres, jour par jour').click()
    await expect.poll(() => portal.page.getByRole('table', { name: 'Jours où l’occupation a changé' }).getByRole('row').count()).toBeGreaterThan(20)
    await portal.page.getByRole('link', { name: 'Toute l’activité' }).click()
    await portal.heading('Activité').waitFor()
    await portal.page.getByRole('button', { name: 'Tous les types' }).click()
    await portal.page.getByRole('option', { name: 'Contrats' }).click()
    await expect.poll(() => new URL(portal.page.url()).searchParams.get('month')).toMatch(/^\d{4}-\d{2}$/)
    await portal.row('Conditions modifiées').first().waitFor()
    const [file] = await Promise.all([portal.page.waitForEvent('download'), portal.page.getByRole('button', { name: 'Télécharger en CSV' }).click()])
    expect(file.suggestedFilename()).toMatch(/^activity-.*contract\.csv$/)
    await portal.leave()
  })

  it('mutes a mail for the reader, and it stays so', async () => {
    await call('viewer', 'PATCH', '/v1/me', { muted: [] })
    const portal = await Portal.open(browser, 'viewer', inAccount('alerts'))
    await portal.row('Critical').first().waitFor()
    await portal.page.getByText('Use at 80 %', { exact: true }).click()
    await expect.poll(async () => (await call<{ muted: string[] }>('viewer', 'GET', '/v1/me')).muted).toEqual(['usage80'])
    await call('viewer', 'PATCH', '/v1/me', { muted: [] })
    await portal.leave()
  })

  it('a permission set is made and deleted', async () => {
    const portal = await Portal.open(browser, 'super-admin', inAccount('permission-sets'))
    await portal.page.getByRole('button', { name: 'Create a permission set' }).click()
    const dialog = portal.page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Front desk')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await portal.page.getByText('Front desk is saved.').waitFor()
    await portal.page.getByRole('button', { name: 'Delete Front desk' }).click()
    await portal.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await portal.page.getByText('Front desk is deleted.').waitFor()
    await portal.leave()
  })
})

describe('the desks', () => {
  it('a partner sets terms; where somebody else was faster, they choose whose values stand', async () => {
    const { purchased: before, set } = await contractOfReims()
    const portal = await Portal.open(browser, 'partner', '/desk', { language: 'fr' })
    await portal.page.getByRole('link', { name: accounts.french }).first().click()
    await portal.page.getByRole('link', { name: 'Contrats', exact: true }).click()
    await portal.page.getByRole('searchbox').fill('reims')
    await portal.page.getByRole('link', { name: 'Conditions de Visioconférence – Reims' }).click()
    const purchased = portal.page.getByRole('spinbutton', { name: /Systèmes achetés/ })
    await purchased.fill(String(before + 1))
    await set(before + 2)
    await portal.page.getByRole('button', { name: 'Enregistrer les conditions' }).click()
    await portal.page.getByText('Quelqu’un d’autre a modifié les mêmes valeurs').waitFor()
    await portal.accessible()
    await portal.page.getByRole('button', { name: `La mienne : ${before + 1}` }).click()
    await portal.page.getByRole('button', { name: 'Enregistrer les conditions' }).click()
    await portal.page.getByText('comptent dès maintenant').waitFor()
    await set(before)
    await portal.leave(412)
  })

  it('an operator looks at a file and takes it over; a wrong row is left out and said', async () => {
    const day = '2031-01-01'
    const file = ['Account ID,Account Name,Contract ID,Contract Name,Contract End Date,Systems Purchased,Product Code,Seats', `001E2eDesk00000,Desk Test,800E2eDesk00000,Desk contract,${day},1,telephony-standard,5`, `001E2eDesk00000,Desk Test,,No id,${day},1,telephony-standard,5`].join('\n')
    const portal = await Portal.open(browser, 'operator', '/import')
    await portal.page.locator('input[type=file]').setInputFiles({ name: 'desk.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
    await portal.page.getByRole('button', { name: 'Preview' }).click()
    await portal.heading('What the import would do').waitFor()
    await portal.row('contractId').first().waitFor()
    await portal.accessible()
    const [rejected] = await Promise.all([portal.page.waitForEvent('download'), portal.page.getByRole('button', { name: 'Download the rejected rows' }).click()])
    expect(rejected.suggestedFilename()).toBe('desk-rejected.csv')
    // A second run of these journeys finds the contract unchanged, and has nothing to take over.
    const take = portal.page.getByRole('button', { name: 'Import', exact: true })
    if (await take.isEnabled()) {
      await take.click()
      await portal.heading('The import is done').waitFor()
    }
    const { items } = await call<{ items: { name: string }[] }>('operator', 'GET', '/v1/accounts?q=Desk%20Test')
    expect(items.map(({ name }) => name)).toEqual(['Desk Test'])
    await portal.leave()
  })

  it('prices are taken over from a French spreadsheet, with decimal commas, and changed in the form', async () => {
    const code = `desk-${Date.now()}`
    const file = ['Code produit;Nom (anglais);Nom (français);Nature;Devise;Période;À partir de;Prix unitaire', `${code};Desk phone;Poste de bureau;produit;EUR;mensuel;1;9,50`, `${code};Desk phone;Poste de bureau;produit;EUR;mensuel;50;1 234,5`, `${code}-b;Desk fax;Télécopieur;produit;EUR;mensuel;1;9,505`].join('\r\n')
    const portal = await Portal.open(browser, 'operator', '/import', { language: 'fr' })
    const { page } = portal
    await page.getByText('Produits et prix', { exact: true }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'prix.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
    await page.getByRole('button', { name: 'Aperçu' }).click()
    await portal.heading('Ce que l’import ferait').waitFor()
    await page.getByText('2 lignes seront reprises. 1 ligne rejetée sera laissée de côté.').waitFor()
    await page.getByRole('button', { name: 'Importer', exact: true }).click()
    await portal.heading('Import terminé').waitFor()
    const read = () => call<{ prices: { tiers: object[] }[] }>('operator', 'GET', `/v1/catalog/products/${code}`)
    expect((await read()).prices[0]!.tiers).toEqual([{ from: 1, amount: 950 }, { from: 50, amount: 123_450 }])

    await portal.show('/catalog')
    await page.getByRole('row').filter({ hasText: code }).getByRole('button', { name: 'Modifier Poste de bureau' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('input[inputmode=decimal]').first().fill('8,9')
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Poste de bureau est enregistré.').waitFor()
    expect((await read()).prices[0]!.tiers).toEqual([{ from: 1, amount: 890 }, { from: 50, amount: 123_450 }])
    await portal.leave()
  })

  it('the seller is changed, and the change is in the vendor’s activity and its file', async () => {
    const path = '/v1/catalog/seller'
    const before = await call<{ registration?: string }>('operator', 'GET', path)
    const notice = `RCS Nantes ${Date.now()}`
    const portal = await Portal.open(browser, 'operator', '/seller', { language: 'fr' })
    const { page } = portal
    await page.getByRole('textbox', { name: /Numéro fiscal/ }).fill('FR1')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByRole('listitem').filter({ hasText: 'FR1' }).first().waitFor()
    await portal.accessible()
    await portal.show('/seller')
    await page.getByRole('textbox', { name: /Mentions légales/ }).fill(notice)
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Le vendeur a été enregistré.').waitFor()
    expect((await call<{ registration?: string }>('operator', 'GET', path)).registration).toBe(notice)

    await page.getByRole('link', { name: 'Activité du fournisseur' }).click()
    await portal.heading('Activité du fournisseur').waitFor()
    await page.getByRole('button', { name: 'Tous les types' }).click()
    await page.getByRole('option', { name: 'Vendeur' }).click()
    await portal.row(notice).first().waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Télécharger en CSV' }).click()])
    expect(file.suggestedFilename()).toMatch(/^vendor-activity-.*seller\.csv$/)
    await call('operator', 'PUT', path, before, { 'If-Match': '*' })
    await portal.leave(422)
  })

  it('each page is there for its staff, and for nobody else', async () => {
    const portal = await Portal.open(browser, 'admin', '/import')
    await portal.page.getByRole('heading', { name: 'Page not found' }).waitFor()
    expect(await portal.navigation()).not.toContain('Operators')
    await portal.leave()
  })
})
