// Opens every page of the large account of infra/measure.sh and prints how soon it is usable. A page that takes more than a
// second from its last answer, or asks the API once for each row, fails.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { addresses, type Address } from './addresses'
import { accountId, accounts, launch, Portal } from './portal'

type Figures = { answered: number; usable: number; longest: number; calls: string[]; rows: number }
type Watched = typeof globalThis & { watched: { changed: number; tasks: { end: number; duration: number }[] } }

// Kept within the page from its beginning: when something was last drawn, and what kept the main thread for 50 ms and more.
const watch = () => {
  const watched: Watched['watched'] = { changed: 0, tasks: [] }
  ;(globalThis as Watched).watched = watched
  new MutationObserver(() => (watched.changed = performance.now())).observe(document, { subtree: true, childList: true, characterData: true })
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ end: startTime + duration, duration })))).observe({ type: 'longtask', buffered: true })
}

const read = (): Figures => {
  const { changed, tasks } = (globalThis as Watched).watched
  const calls = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) => name.includes('/v1/'))
  const answered = Math.max(...calls.map(({ responseEnd }) => responseEnd))
  const after = tasks.filter(({ end }) => end > answered)
  return {
    answered,
    usable: Math.max(answered, changed, ...after.map(({ end }) => end)),
    longest: Math.max(0, ...after.map(({ duration }) => duration)),
    calls: calls.map(({ name }) => new URL(name).pathname.replace(/[a-z]+_[0-9A-HJKMNP-TV-Z]{26}/g, '*')),
    rows: document.querySelectorAll('#content tbody tr').length,
  }
}

async function measured(portal: Portal, { path }: Address): Promise<Figures> {
  await portal.show(path)
  await portal.page.evaluate(() => new Promise((done) => requestIdleCallback(done)))
  return portal.page.evaluate(read)
}

let browser: Browser
let all: Address[]
beforeAll(async () => {
  browser = await launch()
  all = await addresses(await accountId(accounts.english))
})
afterAll(() => browser.close())

it('every page of a large account is usable within a second of its answer, without a request for each row', async () => {
  const missed: string[] = []
  console.log('page | answer to usable, ms | longest task, ms | calls | rows')
  for (const persona of new Set(all.map((one) => one.persona))) {
    const mine = all.filter((one) => one.persona === persona)
    const portal = await Portal.open(browser, persona, mine[0]!.path)
    await portal.page.addInitScript(watch)
    for (const one of mine) {
      const { answered, usable, longest, calls, rows } = await measured(portal, one)
      console.log(`${one.name} | ${Math.round(usable - answered)} | ${Math.round(longest)} | ${calls.length} | ${rows}`)
      if (usable - answered > 1000) missed.push(`${one.name}: ${Math.round(usable - answered)} ms`)
      const often = calls.filter((call, at) => calls.indexOf(call) !== at && calls.filter((other) => other === call).length > 4)
      if (often.length > 0) missed.push(`${one.name}: asked many times for ${often[0]}`)
    }
    await portal.leave()
  }
  expect(missed).toEqual([])
})
