import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Locator } from 'playwright-core'
import { accountId, accounts, call, launch, Portal } from './portal'

type Line = { contractId: string; contractName: string; status: string; product: { id: string; name: string }; usage: { limit?: number; used: number; available: number; state: string } }
type User = { id: string; name: string; email: string }

let browser: Browser
let french: string
let english: string
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
  english = await accountId(accounts.english)
})
afterAll(() => browser.close())

/** A line of a product that has free seats. */
async function lineOf(account: string, productId: string): Promise<Line> {
  const { items } = await call<{ items: Line[] }>('admin', 'GET', `/v1/accounts/${account}/usage?productId=${productId}&pageSize=200`)
  const line = items.find(({ usage, status }) => status === 'active' && usage.available > 3)
  if (!line) throw new Error('no line with free seats')
  return line
}

/** Somebody new, whose seats no other journey looks at. */
async function somebody(account: string, name: string): Promise<User> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}.${crypto.randomUUID().slice(0, 8)}@people.example`
  return call<User>('admin', 'POST', `/v1/accounts/${account}/users`, { name, email })
}

const deactivate = (account: string, { id }: User) => call('admin', 'PATCH', `/v1/accounts/${account}/users/${id}`, { state: 'deactivated' }, { 'If-Match': '*' })

async function pick(dialog: Locator, { name, email }: User, label: string): Promise<void> {
  await dialog.getByRole('searchbox').fill(email)
  await dialog.getByRole('row').filter({ hasText: email }).waitFor()
  await dialog.getByRole('checkbox', { name: label }).check({ force: true })
  await dialog.getByText(name).first().waitFor()
}

describe('seats', () => {
  it('in French: a user is added to a product and access is removed again; the figures follow', async () => {
    const { contractId, product, usage } = await lineOf(french, 'fax-archive')
    const user = await somebody(french, 'Jeanne Essai')
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/products/${contractId}/${product.id}`, { language: 'fr' })
    const figures = (used: number) => portal.page.getByText(`${used} occupés sur ${usage.limit}`).first().waitFor()
    await figures(usage.used)
    await portal.accessible()
    await portal.page.getByRole('button', { name: 'Ajouter des utilisateurs' }).click()
    const dialog = portal.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Coller plusieurs adresses e-mail' }).click()
    await dialog.getByRole('textbox', { name: 'Adresses e-mail' }).fill(`Jeanne <${user.email}>; personne@nulle-part.example`)
    await dialog.getByRole('button', { name: 'Rechercher 2 adresses' }).click()
    await dialog.getByText('Introuvable : personne@nulle-part.example').waitFor()
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Ajouter 1 utilisateur' }).click()
    await portal.row('Jeanne Essai').first().waitFor()
    await figures(usage.used + 1)
    await portal.page.getByRole('button', { name: 'Retirer l’accès de Jeanne Essai' }).first().click()
    await dialog.getByText('elle reste en stock').waitFor()
    await dialog.getByRole('button', { name: 'Retirer l’accès' }).click()
    await portal.page.getByText('Jeanne Essai n’a plus de siège').waitFor()
    await figures(usage.used)
    await portal.leave()
    await deactivate(french, user)
  })

  it('the last seat goes to one of two; the other is told, sees the present figures, and loses nothing that was chosen', async () => {
    const { contractId, product, usage } = await lineOf(english, 'meetings-basic')
    const terms = (limit: number | null) => call('operator', 'PATCH', `/v1/accounts/${english}/contracts/${contractId}/terms`, { limits: [{ productId: product.id, limit }] }, { 'If-Match': '*' })
    await terms(usage.used + 1)
    const [first, second] = [await somebody(english, 'First Comer'), await somebody(english, 'Second Comer')]
    const path = `/accounts/${english}/products/${contractId}/${product.id}`
    const both = [await Portal.open(browser, 'admin', path), await Portal.open(browser, 'user-manager', path)] as const
    for (const [i, user] of [first, second].entries()) {
      const { page } = both[i]!
      await page.getByRole('button', { name: 'Add users' }).click()
      await pick(page.getByRole('dialog'), user, `Select ${user.name}`)
      await page.getByRole('dialog').getByText('1 available').waitFor()
    }
    const [winner, loser] = both
    await winner.page.getByRole('button', { name: 'Add 1 user' }).click()
    await winner.page.getByText('1 user has a seat').waitFor()

    const dialog = loser.page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Add 1 user' }).click()
    await dialog.getByRole('alert').first().waitFor()
    await dialog.getByText('Adding users is paused').waitFor()
    await dialog.getByText(`${usage.used + 1} of ${usage.used + 1} used`).waitFor()
    expect(await dialog.getByRole('searchbox').inputValue()).toBe(second.email)
    expect(await dialog.getByRole('button', { name: 'Do not add Second Comer' }).count()).toBe(1)
    await loser.accessible()
    // Behind the window the list has whoever was quicker.
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await loser.row('First Comer').first().waitFor()

    // A raised limit counts at once.
    await terms(usage.used + 2)
    await loser.page.reload()
    await loser.page.getByText('1 available').waitFor()
    await winner.leave()
    await loser.leave(409)
    await terms(null)
    await deactivate(english, first)
    await deactivate(english, second)
  })

  it('licences are found by cost center and state, assigned, moved and unassigned', async () => {
    const user = await somebody(french, 'Lucie Licence')
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/licences`)
    const { page } = portal
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Cost centers' }).click()
    await page.getByRole('combobox').fill('Dire')
    await page.getByRole('option', { name: 'Direction' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Available', exact: true }).click()
    await portal.row('Téléphonie – Paris').waitFor()
    await expect.poll(() => page.locator('tbody tr').filter({ hasNotText: 'Direction' }).count()).toBe(0)
    await page.getByRole('button', { name: /^Assign / }).first().click()
    await dialog.getByRole('searchbox').fill(user.email)
    await dialog.getByRole('radio', { name: 'Select Lucie Licence' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await page.getByText('Lucie Licence has a licence').waitFor()

    await page.getByRole('button', { name: 'Assigned', exact: true }).click()
    await page.getByRole('searchbox').fill(user.email)
    await page.getByRole('button', { name: /^Move .* of Lucie Licence/ }).click()
    await dialog.getByText('Now: Direction').waitFor()
    await dialog.getByRole('button', { name: 'New cost center' }).click()
    await page.getByRole('option', { name: 'Production' }).click()
    await dialog.getByRole('button', { name: 'Move', exact: true }).click()
    await page.getByText('is now under: Production').waitFor()
    await page.getByRole('button', { name: 'Do not filter by Direction' }).click()

    await page.getByRole('button', { name: /^Unassign .* from Lucie Licence/ }).click()
    await dialog.getByText('it stays in stock under the cost center Production').waitFor()
    await dialog.getByRole('button', { name: 'Unassign' }).click()
    await page.getByText('Lucie Licence no longer has a seat').waitFor()
    await page.getByText('Nothing matches').waitFor()
    await portal.leave()
    await deactivate(french, user)
  })

  it('somebody is added, given products and taken some, and deactivated with their seats freed', async () => {
    const email = `nora.new.${crypto.randomUUID().slice(0, 8)}@people.example`
    const portal = await Portal.open(browser, 'user-manager', `/accounts/${french}/users`)
    const { page } = portal
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Add a user' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Nora New')
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email)
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Add and invite' }).click()
    await page.getByText(`An invitation is on its way to ${email}`).waitFor()
    await page.getByRole('searchbox').fill(email)
    await page.getByRole('link', { name: 'Nora New' }).click()

    await page.getByRole('button', { name: 'Add products' }).click()
    await dialog.getByRole('checkbox', { name: 'Archivage de télécopies' }).check({ force: true })
    await dialog.getByRole('checkbox', { name: 'Téléphonie standard' }).check({ force: true })
    await dialog.getByRole('checkbox', { name: 'voicemail' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Add 2 products' }).click()
    await page.getByText('2 products of Nora New were changed').waitFor()
    await portal.row('voicemail').waitFor()
    await portal.accessible()

    await page.getByRole('button', { name: 'Remove products' }).click()
    await dialog.getByRole('checkbox', { name: 'Archivage de télécopies' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Remove 1 product' }).click()
    await page.getByText('1 product of Nora New was changed').waitFor()

    await page.getByRole('button', { name: 'Deactivate' }).click()
    await dialog.getByText('This seat will be free at once:').waitFor()
    await dialog.getByRole('listitem').filter({ hasText: 'Téléphonie standard' }).waitFor()
    await dialog.getByRole('button', { name: 'Deactivate' }).click()
    await page.getByText('Nora New is deactivated; 1 seat is free.').waitFor()
    await page.getByText('No products').waitFor()
    await portal.leave()
  })

  it('somebody is in queues, keeps the derived seat without its base, and leaves all queues in one step', async () => {
    const user = await somebody(french, 'Quentin Files')
    const seats = `/v1/accounts/${french}/users/${user.id}/seats`
    await call('admin', 'PATCH', seats, { add: [{ productId: 'telephony-standard' }] })
    const portal = await Portal.open(browser, 'user-manager', `/accounts/${french}/users/${user.id}`, { language: 'fr' })
    const { page } = portal
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Modifier les files d’attente' }).click()
    for (const [at, name] of ['Accueil', 'Relances'].entries()) {
      await dialog.getByRole('button', { name: 'Ajouter une file d’attente' }).click()
      await dialog.getByRole('textbox', { name: 'Nom' }).nth(at).fill(name)
    }
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Enregistrer les files d’attente' }).click()
    await page.getByText('Files d’appels : Accueil et Relances').waitFor()
    await call('admin', 'PATCH', seats, { add: [{ productId: 'contact-center' }] })

    await page.getByRole('button', { name: 'Retirer des produits' }).click()
    await dialog.getByRole('checkbox', { name: 'Téléphonie standard' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Retirer 1 produit' }).click()
    const kept = page.getByText('Quentin Files garde un siège dérivé')
    await kept.waitFor()
    await dialog.waitFor({ state: 'hidden' })
    await portal.accessible()
    await page.getByRole('listitem').filter({ has: kept }).getByRole('button', { name: 'Retirer de toutes les files d’attente' }).click()
    await dialog.getByRole('button', { name: 'Retirer de toutes les files' }).click()
    await page.getByText('Ce siège est libre et n’est plus facturé : Contact Center.').waitFor()
    await page.getByText('Dans aucune file d’attente', { exact: true }).waitFor()
    await portal.leave()
    await deactivate(french, user)
  })

  it('a cost center is created, renamed and archived; one that carries seats cannot be', async () => {
    const name = `Atelier ${crypto.randomUUID().slice(0, 8)}`
    const portal = await Portal.open(browser, 'licence-manager', `/accounts/${french}/cost-centers`)
    const { page } = portal
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Create a cost center' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('button', { name: `Rename ${name}` }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill(`${name} B`)
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('button', { name: `Archive ${name} B` }).click()
    await dialog.getByRole('button', { name: 'Archive' }).click()
    await page.getByText(`${name} B is archived.`).waitFor()
    await page.getByRole('button', { name: 'Archive Direction' }).click()
    await dialog.getByText('cannot be archived').waitFor()
    expect(await dialog.getByRole('button', { name: 'Archive' }).isDisabled()).toBe(true)
    await portal.accessible()
    await portal.leave()
  })

  it('a viewer is offered none of it', async () => {
    const { contractId, product } = await lineOf(french, 'fax-archive')
    const portal = await Portal.open(browser, 'viewer', `/accounts/${french}/products/${contractId}/${product.id}`)
    await portal.page.locator('tbody tr').first().waitFor()
    for (const path of ['', 'licences', 'users', 'cost-centers']) {
      if (path) {
        await portal.page.locator(`nav a[href$="/${path}"]`).click()
        await portal.page.locator('tbody tr').nth(1).waitFor()
      }
      expect(await portal.page.getByRole('button', { name: /^(Add|Remove|Split|Assign [A-Z]|Unassign|Move|Create|Rename|Archive )/ }).count(), path).toBe(0)
    }
    await portal.leave()
  })
})
