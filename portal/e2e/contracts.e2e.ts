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
})
afterAll(() => browser.close())

describe('contracts and systems', () => {
  it('in French: over-mapped contracts stand out, with a banner that says whom to contact', async () => {
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/contracts`, { language: 'fr' })
    await portal.heading('Contrats').waitFor()
    const lyon = portal.row('Centre de contact – Lyon')
    await lyon.waitFor()
    expect(await lyon.getByLabel('Plus de systèmes rattachés qu’achetés').count()).toBe(1)
    expect(await portal.page.getByRole('link', { name: 'contact@integrateur.example' }).count()).toBe(1)

    await portal.page.getByRole('button', { name: 'Expirés' }).click()
    await portal.row('Visioconférence – Angers').waitFor()
    await expect.poll(() => portal.page.getByText('Actif', { exact: true }).count()).toBe(0)
    await portal.page.getByRole('button', { name: 'Tous', exact: true }).click()
    await portal.page.getByRole('searchbox').fill('greno')
    await portal.row('Téléphonie – Grenoble').waitFor()
    await expect.poll(() => portal.page.locator('tbody tr').count()).toBe(1)
    await portal.leave()
  })

  it('are paged by token, and sorted by the server', async () => {
    const portal = await Portal.open(browser, 'viewer', `/accounts/${french}/contracts`)
    await portal.row('Téléphonie – Amiens').waitFor()
    await portal.page.getByRole('button', { name: 'Subscription service' }).press('Enter')
    await portal.page.locator('tbody tr').first().filter({ hasText: 'Centre de contact – Bordeaux' }).waitFor()
    await portal.page.getByRole('button', { name: 'Next page' }).click()
    await portal.row('Visioconférence – Tours').or(portal.row('Visioconférence – Rouen')).first().waitFor()
    await portal.page.getByRole('button', { name: 'Previous page' }).click()
    await portal.row('Centre de contact – Bordeaux').waitFor()
    await portal.leave()
  })

  it('a system is connected and disconnected again, by an administrator', async () => {
    const portal = await Portal.open(browser, 'admin', `/accounts/${english}/systems`)
    await portal.row('Works 05 production').waitFor()
    expect(await portal.row('trial').count()).toBe(0)
    await portal.page.getByRole('checkbox', { name: 'Select Works 05 production' }).check({ force: true })
    await portal.page.getByRole('checkbox', { name: 'Select Works 06 production' }).check({ force: true })
    await portal.page.getByRole('button', { name: 'Connect to contract' }).click()
    const dialog = portal.page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Select Contact center, Leeds' }).check({ force: true })
    await dialog.getByText('strongly recommend').waitFor()
    await portal.accessible()
    await dialog.getByRole('searchbox').fill('cardiff')
    await expect.poll(() => dialog.locator('tbody tr').count()).toBe(1)
    await dialog.getByRole('radio', { name: 'Select Meetings, Cardiff' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Connect 2 systems' }).click()
    await portal.page.getByText('2 systems are now on Meetings, Cardiff.').waitFor()
    await expect.poll(() => portal.row('Works 05 production').count()).toBe(0)

    await portal.page.getByRole('link', { name: 'Contracts' }).click()
    await portal.page.getByRole('searchbox').fill('cardiff')
    await portal.page.getByRole('button', { name: 'Show the systems of Meetings, Cardiff' }).click()
    for (const name of ['Works 05 production', 'Works 06 production']) {
      await portal.page.getByRole('button', { name: `Disconnect ${name}` }).click()
      await portal.page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
      await portal.page.getByText(`${name} is no longer on Meetings, Cardiff.`).waitFor()
    }
    await portal.leave()
  })

  it('two administrators connect the same system: one is told that the other was first', async () => {
    const { items } = await call<{ items: { id: string; name: string }[] }>('admin', 'GET', `/v1/accounts/${english}/contracts?q=oxford`)
    const oxford = items[0]!.id
    const found = await call<{ items: { id: string }[] }>('admin', 'GET', `/v1/accounts/${english}/systems?mapping=unmapped&q=${encodeURIComponent('Works 09')}`)
    const system = found.items[0]!.id
    const portal = await Portal.open(browser, 'admin', `/accounts/${english}/systems`)
    await portal.page.getByRole('checkbox', { name: 'Select Works 09 production' }).check({ force: true })
    await portal.page.getByRole('button', { name: 'Connect to contract' }).click()
    const dialog = portal.page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Select Meetings, Cardiff' }).check({ force: true })
    await call('super-admin', 'POST', `/v1/accounts/${english}/contracts/${oxford}/systems`, { systemIds: [system] })
    await dialog.getByRole('button', { name: 'Connect 1 system' }).click()
    await portal.page.getByText('0 of 1 systems are on Meetings, Cardiff').waitFor()
    await portal.page.getByText('Telephony, Oxford').waitFor()
    await portal.page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect.poll(() => portal.row('Works 09 production').count()).toBe(0)
    await call('super-admin', 'DELETE', `/v1/accounts/${english}/contracts/${oxford}/systems/${system}`)
    await portal.leave(409)
  })

  it('nobody without the right is offered to connect or disconnect', async () => {
    for (const persona of ['viewer', 'licence-manager', 'user-manager'] as const) {
      const portal = await Portal.open(browser, persona, `/accounts/${english}/systems`)
      await portal.row('Works 01 production').waitFor()
      expect(await portal.page.getByRole('checkbox').count(), persona).toBe(0)
      expect(await portal.page.getByRole('button', { name: 'Connect to contract' }).count(), persona).toBe(0)
      await portal.page.getByRole('link', { name: 'Contracts' }).click()
      await portal.page.getByRole('button', { name: 'Show the systems of Contact center, Leeds' }).click()
      await portal.row('Contact center, Leeds 1').waitFor()
      expect(await portal.page.getByRole('button', { name: /Disconnect/ }).count(), persona).toBe(0)
      await portal.leave()
    }
  })
})
