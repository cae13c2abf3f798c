// Takes a picture of every page: in both languages, as wide as a desk's and a phone's, and in the dark. To look at.
// PICTURES is the folder for them; PAGES=home,users and VIEWS=fr-1280 narrow what is taken.
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { addresses, type Address } from './addresses'
import { accountId, accounts, launch, Portal, type Language } from './portal'

const some = (names: string | undefined, name: string) => !names || names.split(',').includes(name)
const folder = process.env.PICTURES ?? 'pictures'
const views = [
  { language: 'fr' as Language, width: 1280, dark: false },
  { language: 'en' as Language, width: 1280, dark: false },
  { language: 'fr' as Language, width: 320, dark: false },
  { language: 'en' as Language, width: 320, dark: false },
  { language: 'en' as Language, width: 1280, dark: true },
].map((view) => ({ ...view, name: `${view.language}-${view.width}${view.dark ? '-dark' : ''}` }))

let browser: Browser
const all: Partial<Record<Language, Address[]>> = {}
beforeAll(async () => {
  browser = await launch()
  mkdirSync(folder, { recursive: true })
  all.fr = await addresses(await accountId(accounts.french))
  all.en = await addresses(await accountId(accounts.english))
})
afterAll(() => browser.close())

it.each(views.filter(({ name }) => some(process.env.VIEWS, name)))('$name', async ({ name: view, language, width, dark }) => {
  const wanted = (all[language] ?? []).filter(({ name }) => some(process.env.PAGES, name))
  for (const persona of new Set(wanted.map((one) => one.persona))) {
    const mine = wanted.filter((one) => one.persona === persona)
    const portal = await Portal.open(browser, persona, mine[0]!.path, { language, width, dark })
    for (const { name, path } of mine) {
      await portal.show(path)
      await portal.page.screenshot({ path: `${folder}/${name}-${view}.png`, fullPage: width === 320 })
    }
    await portal.context.close()
  }
})
