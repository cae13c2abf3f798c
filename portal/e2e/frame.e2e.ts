import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountId, accounts, base, call, launch, Portal, type Persona } from './portal'
import type { Browser } from 'playwright-core'

let browser: Browser
let french: string
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
})
afterAll(() => browser.close())

const contracts = () => `/accounts/${french}/contracts`

describe('the frame', () => {
  it('signs in by one click and comes back to the page that was asked for, also after a reload', async () => {
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/systems`)
    await portal.heading('Unmapped systems').waitFor()
    await portal.page.reload()
    await portal.heading('Unmapped systems').waitFor()
    expect(new URL(portal.page.url()).pathname).toBe(`/accounts/${french}/systems`)
    // No token outlives the page.
    const kept = await portal.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    expect(kept).not.toMatch(/eyJ|token/)
    await portal.leave()
  })

  it('lets a reader go back over the sign-in', async () => {
    const portal = await Portal.open(browser, 'admin', `/accounts/${french}/systems`)
    await portal.heading('Unmapped systems').waitFor()
    await portal.page.goBack()
    await portal.heading(accounts.french).waitFor()
    expect(new URL(portal.page.url()).pathname).toBe(`/accounts/${french}/home`)
    await portal.leave()
  })

  it('signs out, and lets nobody back in unasked', async () => {
    const portal = await Portal.open(browser, 'admin', contracts())
    await portal.page.getByRole('button', { name: 'Menu of Adèle Martin' }).click()
    await portal.page.getByRole('menuitem', { name: 'Sign out' }).click()
    await portal.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await portal.accessible()
    await portal.page.getByRole('button', { name: 'Sign in' }).click()
    await portal.page.locator('button[value="admin"]').waitFor()
    await portal.leave()
  })

  it('changes the language for the person, here and wherever they sign in next', async () => {
    const portal = await Portal.open(browser, 'viewer', contracts(), { language: 'en' })
    await portal.heading('Contracts').waitFor()
    await portal.page.getByRole('button', { name: 'Language: English' }).click()
    await portal.page.getByRole('menuitemcheckbox', { name: 'Français' }).click()
    await portal.heading('Contrats').waitFor()
    expect(await portal.page.locator('html').getAttribute('lang')).toBe('fr')
    await expect.poll(async () => (await call<{ language?: string }>('viewer', 'GET', '/v1/me')).language).toBe('fr')
    await portal.leave()
  })

  it('switches between light and dark, and keeps it in the browser', async () => {
    const portal = await Portal.open(browser, 'viewer', contracts())
    await portal.heading('Contracts').waitFor()
    await portal.page.getByRole('button', { name: /Menu of/ }).click()
    await portal.page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
    await expect.poll(() => portal.page.locator('html.dark').count()).toBe(1)
    await portal.page.reload()
    await portal.heading('Contracts').waitFor()
    expect(await portal.page.locator('html.dark').count()).toBe(1)
    await portal.leave()
  })

  it('lets an operator find an account, and a member switch between theirs', async () => {
    const operator = await Portal.open(browser, 'operator', contracts())
    await operator.heading('Contracts').waitFor()
    await operator.page.locator('.account button').first().click()
    await operator.page.getByRole('combobox').fill('Demo W')
    await operator.page.getByRole('option', { name: accounts.english }).click()
    await operator.page.getByText('What needs your attention today.').waitFor()
    await operator.page.getByRole('navigation').getByRole('link', { name: 'Contracts', exact: true }).click()
    await operator.row('Telephony, London').waitFor()
    await operator.leave()

    const member = await Portal.open(browser, 'viewer', contracts())
    await member.page.locator('.account button').click()
    await member.page.getByRole('option', { name: accounts.english }).click()
    await member.page.getByText('What needs your attention today.').waitFor()
    await member.page.getByRole('navigation').getByRole('link', { name: 'Contracts', exact: true }).click()
    await member.row('Telephony, London').waitFor()
    await member.leave()
  })

  it('shows each persona the pages of their rights and no others', async () => {
    const sees: Partial<Record<Persona, boolean>> = { 'super-admin': true, admin: true, viewer: true, partner: true, operator: true, 'billing-manager': false, newcomer: true }
    for (const [persona, shown] of Object.entries(sees) as [Persona, boolean][]) {
      const portal = await Portal.open(browser, persona, `/accounts/${french}`)
      await portal.page.getByRole('heading', { level: 1 }).waitFor()
      expect((await portal.navigation()).includes('Contracts'), persona).toBe(shown)
      await portal.leave()
    }
  })

  it('does not say that what one may not see is there', async () => {
    const billing = await Portal.open(browser, 'billing-manager', contracts())
    await billing.page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await billing.leave()
    const stranger = await Portal.open(browser, 'outsider', contracts())
    await stranger.page.getByRole('alert').waitFor()
    expect(await stranger.page.content()).not.toContain(accounts.french)
    expect(stranger.complaints.every((one) => one.includes('404'))).toBe(true)
    await stranger.context.close()
    const nowhere = await Portal.open(browser, 'admin', '/no/such/page')
    await nowhere.page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await nowhere.accessible()
    await nowhere.leave()
  })

  it('is worked by keyboard alone: the skip link comes first, help opens and closes', async () => {
    const portal = await Portal.open(browser, 'admin', contracts())
    await portal.heading('Contracts').waitFor()
    await portal.page.keyboard.press('Tab')
    await expect.poll(() => portal.page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
    await portal.page.keyboard.press('Enter')
    await expect.poll(() => portal.page.evaluate(() => document.activeElement?.id)).toBe('content')
    await portal.page.getByRole('button', { name: 'Open help' }).focus()
    await portal.page.keyboard.press('Enter')
    await portal.page.getByText('Contracts come from your vendor').waitFor()
    await portal.accessible()
    await portal.leave()
  })

  it('sends the headers that keep strangers out, and no page for a file that is not there', async () => {
    const page = await fetch(`${base}${contracts()}`)
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await fetch(`${base}/assets/none.js`)).status).toBe(404)
    expect((await fetch(`${base}/v1/none`)).status).toBe(404)
    const script = /src="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    expect((await fetch(base + script)).headers.get('cache-control')).toContain('immutable')
  })
})
