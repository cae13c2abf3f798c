import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { accountId, accounts, call, launch, Portal } from './portal'

let browser: Browser
let french: string
let english: string
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
  english = await accountId(accounts.english)
  await call('admin', 'DELETE', `/v1/accounts/${english}/cart`)
})
afterAll(() => browser.close())

type Orders = { items: { id: string; seats: number }[] }
const orders = async () => (await call<Orders>('admin', 'GET', `/v1/accounts/${english}/orders`)).items

describe('buying', () => {
  it('a buyer fills the cart, signs in again, splits the seats, and orders once although the network was cut', async () => {
    const before = await orders()
    const first = await Portal.open(browser, 'admin', `/accounts/${english}/catalog`)
    await first.page.getByRole('button', { name: 'Add Meetings Pro to the cart' }).waitFor()
    await first.page.getByRole('spinbutton', { name: 'How many seats of Meetings Pro' }).fill('10')
    await first.page.getByRole('button', { name: 'Add Meetings Pro to the cart' }).click()
    await first.page.getByRole('button', { name: /Contract for Meetings Pro/ }).click()
    await first.page.getByRole('option', { name: 'Meetings, York' }).click()
    await first.page.getByRole('button', { name: 'Add Meetings Pro to the cart' }).click()
    await first.page.getByText('10 seats are in your cart').waitFor()
    await first.accessible()
    await first.leave(422)

    const portal = await Portal.open(browser, 'admin', `/accounts/${english}/catalog`)
    const { page } = portal
    await page.getByText('10 seats are in your cart').waitFor()
    await page.getByRole('spinbutton', { name: 'Seats of Meetings Pro', exact: true }).fill('8')
    await page.keyboard.press('Enter')
    await page.getByText('8 seats are in your cart').waitFor()
    await page.getByRole('button', { name: 'Go to checkout' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Split Meetings Pro' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('spinbutton').first().fill('3')
    await dialog.getByRole('spinbutton').last().fill('5')
    await dialog.getByRole('button', { name: /^Cost center 2/ }).click()
    await page.getByRole('option', { name: 'New cost center…' }).click()
    await dialog.getByRole('textbox').fill(`Bought ${Date.now()}`)
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Split', exact: true }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText(/I have read the charges/).click()
    await portal.accessible()

    // The order reaches the server; its answer is lost on the way.
    const keys: (string | undefined)[] = []
    await page.route('**/orders', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.continue()
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByText(/No answer came/).waitFor()
    await expect.poll(() => portal.complaints).toEqual([expect.stringContaining('ERR_CONNECTION_RESET')])
    portal.complaints.length = 0
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Your order is placed').waitFor()
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    const after = await orders()
    expect(after).toHaveLength(before.length + 1)
    expect(page.url()).toContain(after[0]!.id)

    await portal.accessible()
    await page.getByRole('button', { name: 'Print' }).click()
    await expect.poll(() => page.frameLocator('iframe.printed').locator('body').innerText()).toContain('Demo Works Ltd')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PDF' }).click()])
    expect(file.suggestedFilename()).toMatch(/\.pdf$/)
    await page.getByRole('link', { name: 'Orders' }).first().click()
    await page.getByRole('row').filter({ hasText: 'Meetings Pro' }).first().waitFor()
    await portal.leave()
  })

  it('shows a price that changed as a choice, and orders at the new one', async () => {
    await call('admin', 'PUT', `/v1/accounts/${english}/cart/items/fax-archive`, { quantity: 2, contractId: await contract('Telephony, Derby') })
    const portal = await Portal.open(browser, 'admin', `/accounts/${english}/checkout`)
    await portal.page.getByRole('button', { name: 'Next' }).click()
    await portal.page.getByRole('button', { name: 'Assign to all' }).waitFor()
    await portal.page.getByRole('button', { name: 'Next' }).click()
    await portal.page.getByText(/I have read the charges/).click()
    await call('admin', 'PUT', `/v1/accounts/${english}/cart/items/fax-archive`, { quantity: 3 })
    await portal.page.getByRole('button', { name: 'Place the order' }).click()
    await portal.page.getByText('The price has changed').waitFor()
    await portal.accessible()
    await portal.page.getByRole('button', { name: 'Go on with the new price' }).click()
    await portal.page.getByText(/I have read the charges/).click()
    await portal.page.getByRole('button', { name: 'Place the order' }).click()
    await portal.page.getByText('Your order is placed').waitFor()
    expect((await orders())[0]?.seats).toBe(3)
    await portal.leave(409)
  })

  it('in French and narrow: an account with a partner sees prices and whom to ask, a viewer no cart', async () => {
    const managed = await Portal.open(browser, 'admin', `/accounts/${french}/catalog`, { language: 'fr', width: 320 })
    await managed.heading('Catalogue').waitFor()
    await managed.page.getByText('Votre partenaire commande pour vous').waitFor()
    await managed.page.getByRole('link', { name: 'contact@integrateur.example' }).waitFor()
    expect(await managed.page.getByRole('complementary', { name: 'Panier' }).count()).toBe(0)
    await managed.accessible()
    await managed.fits()
    await managed.leave()
    const viewer = await Portal.open(browser, 'viewer', `/accounts/${english}/catalog`)
    await viewer.page.getByText('You may look at prices. Somebody else orders.').waitFor()
    expect(await viewer.page.getByRole('button', { name: /to the cart/ }).count()).toBe(0)
    await viewer.page.goto(viewer.page.url().replace('/catalog', '/checkout'))
    await viewer.page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await viewer.leave()
  })
})

async function contract(name: string): Promise<string> {
  const found = await call<{ items: { id: string; name: string }[] }>('admin', 'GET', `/v1/accounts/${english}/contracts?q=${encodeURIComponent(name)}`)
  return found.items.find((one) => one.name === name)?.id ?? ''
}
