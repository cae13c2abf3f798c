import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { addresses, type Address } from './addresses'
import { accountId, accounts, launch, Portal, type Persona } from './portal'
import { pages } from '../src/pages/routes'

let browser: Browser
let french: string
let all: Address[]
beforeAll(async () => {
  browser = await launch()
  french = await accountId(accounts.french)
  all = await addresses(french)
})
afterAll(() => browser.close())

// On every page of routes.ts, also one that is added tomorrow: nothing for axe to find, nothing cut off, nothing in the console.
describe('every page', () => {
  for (const seen of [{ language: 'en' }, { language: 'fr', dark: true }, { language: 'fr', width: 320 }] as const) {
    // Side by side: they read, and wait for the page more than they work.
    it.concurrent(`is accessible and whole: ${JSON.stringify(seen)}`, { timeout: 3_600_000 }, async ({ expect }) => {
      const wrong: string[] = []
      for (const persona of new Set(all.map((one) => one.persona))) {
        const mine = all.filter((one) => one.persona === persona)
        const portal = await Portal.open(browser, persona, mine[0]!.path, { ...seen, beside: true })
        for (const { name, path } of mine) {
          await portal.show(path)
          await portal.page.getByRole('heading', { level: 1 }).first().waitFor()
          wrong.push(...[...(await portal.violations()), ...(await portal.cut()), ...portal.complaints.splice(0)].map((found) => `${name}: ${found}`))
        }
        await portal.leave()
      }
      expect(wrong).toEqual([])
    })
  }
})

// What the navigation of each persona leaves out is not there by its address either.
const views = ['home', 'alerts', 'activity', 'settings', 'contracts', 'terms', 'systems', 'products', 'product', 'licences', 'users', 'user', 'cost-centers', 'permission-sets', 'catalog', 'orders', 'order', 'services']
const desks = ['accounts', 'partners', 'partner', 'operators', 'import', 'product-catalog', 'seller', 'vendor-activity']
const hidden: Record<Persona, string[]> = {
  'super-admin': ['terms', 'desk', ...desks],
  admin: ['terms', 'desk', ...desks],
  'licence-manager': ['terms', 'billing-profile', 'desk', ...desks],
  'user-manager': ['terms', 'checkout', 'billing-profile', 'desk', ...desks],
  'billing-manager': [...views.filter((name) => !name.startsWith('order')), 'checkout', 'desk', ...desks],
  viewer: ['terms', 'checkout', 'billing-profile', 'desk', ...desks],
  partner: ['checkout', 'billing-profile', ...desks],
  operator: ['checkout', 'desk'],
  outsider: pages.filter(({ name }) => !desks.includes(name) && name !== 'desk').map(({ name }) => name),
  newcomer: ['terms', 'checkout', 'billing-profile', 'desk', ...desks],
}

describe('what is not there', () => {
  for (const [persona, names] of Object.entries(hidden) as [Persona, string[]][]) {
    it(`for ${persona}`, async () => {
      const portal = await Portal.open(browser, persona, `/accounts/${french}`)
      const { page } = portal
      const found: string[] = []
      if (persona !== 'outsider') {
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        const linked = await page.locator('nav a').evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname))
        const shown = pages.filter(({ name, section }) => section && !names.includes(name)).map(({ name }) => all.find((one) => one.name === name)!.path.replace(/acc_[^/]+/, french))
        expect(linked.filter((path) => /^\/(accounts\/acc_[^/]+\/|[a-z]+$)/.test(path)).sort()).toEqual(shown.sort())
      }
      for (const { name, path } of all.filter((one) => names.includes(one.name))) {
        await portal.go(path.replace(/acc_[^/]+/, french))
        if ((await page.getByRole('heading', { name: 'Page not found' }).count()) === 0 && (await page.locator('#content').getByRole('alert').count()) === 0) found.push(name)
      }
      expect(found).toEqual([])
      // That an account is not the reader's is what the API is to say here.
      await portal.leave(404)
    })
  }
})
