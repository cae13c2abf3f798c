import { existsSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** Where the portal is served: the local stack's gateway. */
export const base = process.env.PORTAL_URL ?? `http://localhost:${process.env.PORT ?? '8080'}`

/** How long is waited for what must come, in milliseconds. */
const patience = 60_000

const distributions = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The machine's Chromium, else Playwright's own. */
function executable(): string {
  const own = chromium.executablePath()
  const found = [process.env.CHROMIUM ?? '', ...distributions, own].find((name) => name !== '' && existsSync(name))
  if (!found) throw new Error('Chromium is missing: install it (Debian: apt-get install chromium; elsewhere: npx playwright-core install chromium)')
  return found
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: executable(), args: ['--no-sandbox'], timeout: patience })

export type Language = 'fr' | 'en'
export type Persona = 'super-admin' | 'admin' | 'licence-manager' | 'user-manager' | 'billing-manager' | 'viewer' | 'partner' | 'operator' | 'outsider' | 'newcomer'
type Seen = {
  language?: Language
  dark?: boolean
  width?: number
  /** Whether other journeys go on beside this one as the same person, whose language they set too. This one keeps its own. */
  beside?: boolean
}

/** The demo's accounts, by name. */
export const accounts = { french: 'Ateliers Démonstration', english: 'Demo Works Ltd', other: 'Autre Compte' }

/** A bare token, for what a journey prepares or looks up beside the browser. */
export async function call<T>(persona: Persona, method: string, path: string, body?: unknown, further: Record<string, string> = {}): Promise<T> {
  const token = await (await fetch(`${base}/dev/token?persona=${persona}`)).text()
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), ...further }
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export async function accountId(name: string): Promise<string> {
  const found = await call<{ items: { id: string; name: string }[] }>('operator', 'GET', `/v1/accounts?q=${encodeURIComponent(name)}`)
  const account = found.items.find((one) => one.name === name)
  if (!account) throw new Error(`no account ${name}`)
  return account.id
}

/** A reader at the portal, as the journeys see it. Whatever the browser complains of is kept, and must be nothing. */
export class Portal {
  readonly complaints: string[] = []

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {}

  /** Opens an address in a fresh browser and signs in by one click. The language is set for the person, as the switch would. */
  static async open(browser: Browser, persona: Persona, path: string, { language = 'en', dark = false, width = 1280, beside = false }: Seen = {}): Promise<Portal> {
    await call(persona, 'PATCH', '/v1/me', { language })
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', locale: { fr: 'fr-FR', en: 'en-GB' }[language] })
    context.setDefaultTimeout(patience)
    if (beside) {
      await context.route(/\/v1\/me\?/, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, json: { ...((await response.json()) as object), language } })
      })
    }
    const portal = new Portal(await context.newPage(), context)
    portal.page.on('console', (message) => ['error', 'warning'].includes(message.type()) && portal.complaints.push(message.text().slice(0, 300)))
    portal.page.on('pageerror', (error) => portal.complaints.push(String(error)))
    portal.page.on('request', (request) => new URL(request.url()).origin !== new URL(base).origin && portal.complaints.push(`a request to ${request.url()}`))
    await portal.page.goto(base + path)
    await portal.page.locator(`button[value="${persona}"]`).click()
    await portal.page.locator('#content').waitFor()
    return portal
  }

  /** Opens another page, as its address typed anew would, and waits until it is drawn. */
  async show(path: string): Promise<void> {
    await this.page.goto(base + path)
    await this.page.locator('#content').waitFor()
    await this.drawn()
  }

  /** Waits until the page has nothing left to work on, however long it takes for it: a page is drawn in many small steps. */
  private async idle(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await this.page.evaluate(() => new Promise<void>((done) => requestIdleCallback(() => done())))
    }
  }

  /** Waits until nothing is on its way any more. */
  private async drawn(): Promise<void> {
    const waiting = this.page.locator('#content .waiting').or(this.page.locator('#content').getByText(/^(Loading|Chargement)/))
    do {
      await this.idle()
      await this.page.waitForLoadState('networkidle')
      await waiting.first().waitFor({ state: 'detached' })
      await this.idle()
    } while ((await waiting.count()) > 0)
  }

  /** Goes to another page as the browser's own buttons do, without loading the portal again. */
  async go(path: string): Promise<void> {
    await this.page.evaluate((to) => {
      history.pushState(null, '', to)
      dispatchEvent(new PopStateEvent('popstate'))
    }, path)
    await this.drawn()
  }

  /** Ends the visit: nothing was refused by the policy, nothing failed unseen, nothing came from elsewhere. Refusals of the API that the journey is about are named by their status. */
  async leave(...refusals: number[]): Promise<void> {
    await this.context.close()
    expect(this.complaints.filter((one) => !refusals.some((status) => one.includes(`status of ${status} `)))).toEqual([])
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true }).first()
  }

  row(text: string): Locator {
    return this.page.getByRole('row').filter({ hasText: text })
  }

  async navigation(): Promise<string[]> {
    return this.page.locator('nav a[href*="/"]').filter({ visible: true }).allInnerTexts()
  }

  /** What axe finds against WCAG 2.2 AA. */
  async violations(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  }

  async accessible(): Promise<void> {
    // What fades in or out has other colors until it is there: what is wrong stays so.
    await expect.poll(() => this.violations()).toEqual([])
  }

  /** What is wider than the window, or than the part that it stands in and that does not scroll, and stays so. */
  async cut(): Promise<string[]> {
    let found = await this.wider()
    // Parts measure themselves once they are there, and are laid out anew by what they find.
    for (let look = 0; look < 10 && found.length > 0; look++) {
      await this.page.evaluate(() => new Promise((done) => setTimeout(done, 200)))
      found = await this.wider()
    }
    return found
  }

  private wider(): Promise<string[]> {
    return this.page.evaluate(() => {
      const found: string[] = []
      if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`)
      for (const one of document.querySelectorAll<HTMLElement>('#content h1, #content h2, #content h3, #content button, #content a, #content label, #content [role=alert]')) {
        const { right, width, left } = one.getBoundingClientRect()
        if (width === 0 || one.closest('table, [role=table], [aria-hidden=true], [class*="tabs-header"]')) continue
        if (right > innerWidth + 1 || left < -1) found.push(`${one.tagName} "${one.innerText.slice(0, 40)}" ends at ${Math.round(right)}`)
        if (one.scrollWidth > one.clientWidth + 1 && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX)) found.push(`${one.tagName} "${one.innerText.slice(0, 40)}" is cut`)
      }
      return found
    })
  }

  /** Nothing is wider than the window; tables scroll within themselves. */
  async fits(): Promise<void> {
    expect(await this.cut()).toEqual([])
  }
}
