import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { accountId, accounts, call, launch, Portal } from './portal'

type Services = { items: { contractId: string; contractName: string; product: { id: string }; removable: number; pendingRemovals: { removalId: string }[] }[] }

let browser: Browser
let french: string
let english: string
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
  english = await accountId(accounts.english)
})
afterAll(() => browser.close())

const recording = async () => {
  const { items } = await call<Services>('admin', 'GET', `/v1/accounts/${english}/services?productId=call-recording`)
  return items.find(({ contractName }) => contractName === 'Telephony, London')!
}

describe('services, requests and billing details', () => {
  it('licences are removed after a review, and the removal is withdrawn', async () => {
    const before = await recording()
    const portal = await Portal.open(browser, 'licence-manager', `/accounts/${english}/services`)
    const { page } = portal
    const row = portal.row('Telephony, London').filter({ hasText: 'Call Recording' })
    await row.getByRole('button', { name: /^Remove licences/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Billed by/ }).click()
    await page.getByRole('option', { name: /^By the month/ }).click()
    await dialog.getByRole('spinbutton').first().fill('2')
    await portal.accessible()
    await dialog.getByRole('button', { name: 'Review' }).click()
    await dialog.getByText('a month, before tax').waitFor()
    // Nothing was written by looking.
    expect((await recording()).removable).toBe(before.removable)
    // The network is cut while the answer comes: the repeat is known for one.
    await page.route('**/removals', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    }, { times: 1 })
    await dialog.getByRole('button', { name: 'Remove 2 licences' }).click()
    await dialog.getByText('No answer').waitFor()
    await dialog.getByRole('button', { name: 'Remove 2 licences' }).click()
    await page.getByText('2 licences of Call Recording out of stock on Telephony, London.').waitFor()
    const after = await recording()
    expect(after.removable).toBe(before.removable - 2)
    expect(after.pendingRemovals.length).toBe(before.pendingRemovals.length + 1)

    await row.getByRole('button', { name: /^Withdraw the removal of 2/ }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await page.getByText('2 licences of Call Recording back in stock.').waitFor()
    expect((await recording()).removable).toBe(before.removable)
    // The browser itself says that the connection was reset.
    await expect.poll(() => portal.complaints).toEqual([expect.stringContaining('ERR_CONNECTION_RESET')])
    portal.complaints.length = 0
    await portal.leave()
  })

  it('who may only look asks for seats, and the licence manager declines', async () => {
    const asking = await Portal.open(browser, 'viewer', `/accounts/${english}/services`)
    await asking.page.getByText('You may look, not remove').waitFor()
    expect(await asking.page.getByRole('button', { name: /^Remove licences/ }).count()).toBe(0)
    await asking.page.getByRole('link', { name: 'Ask for a change of Call Recording' }).first().click()
    const dialog = asking.page.getByRole('dialog')
    await dialog.getByRole('spinbutton', { name: /Seats more/ }).fill('3')
    const words = `For the new team ${Date.now()}`
    await dialog.getByRole('textbox', { name: /Your message/ }).fill(words)
    await asking.accessible()
    await dialog.getByRole('button', { name: 'Send' }).click()
    await asking.page.getByText('The request was sent.').waitFor()
    await asking.row(words).waitFor()
    expect(await asking.row(words).getByRole('button', { name: /^Put into the cart|^Answer/ }).count()).toBe(0)
    await asking.leave()

    const deciding = await Portal.open(browser, 'licence-manager', `/accounts/${english}/requests`)
    await deciding.row(words).getByRole('button', { name: /^Put into the cart/ }).waitFor()
    await deciding.row(words).getByRole('button', { name: /^Decline/ }).click()
    const window = deciding.page.getByRole('dialog')
    await window.getByRole('textbox').fill('Next quarter')
    await window.getByRole('button', { name: 'Decline' }).click()
    await deciding.page.getByText('The request was declined.').waitFor()
    await deciding.row(words).getByText('Next quarter').waitFor()
    await deciding.leave()
  })

  it('billing details are changed by who manages billing, and seen by nobody else', async () => {
    const portal = await Portal.open(browser, 'billing-manager', `/accounts/${english}/billing`)
    const street = portal.page.getByRole('textbox', { name: /Street/ })
    const before = await street.inputValue()
    for (const value of ['12 Other Street', before]) {
      await street.fill(value)
      await portal.page.getByRole('button', { name: 'Save' }).click()
      await expect.poll(async () => (await call<{ street: string }>('billing-manager', 'GET', `/v1/accounts/${english}/billing-profile`)).street).toBe(value)
      await expect.poll(() => portal.page.getByRole('button', { name: 'Save' }).isEnabled()).toBe(true)
    }
    expect(await portal.navigation()).not.toContain('Services')
    await portal.leave()
    const viewer = await Portal.open(browser, 'viewer', `/accounts/${english}/services`)
    expect(await viewer.navigation()).not.toContain('Billing details')
    await viewer.leave()
  })

  it('where a partner manages the account, it says whom to ask', async () => {
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/services`, { language: 'fr' })
    await portal.page.getByText('Votre partenaire gère ce compte').waitFor()
    await portal.page.getByRole('link', { name: 'contact@integrateur.example' }).waitFor()
    expect(await portal.page.getByRole('button', { name: /^Retirer des licences/ }).count()).toBe(0)
    await portal.leave()
  })
})
