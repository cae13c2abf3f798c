import '@cloudscape-design/global-styles/index.css'
import 'virtual:theme.css'
import './app/frame.css'
import { applyAppearance } from './app/appearance'
import { loadConfig } from './app/config'
import { browserLanguage, catalogs } from './app/language'
import { Session, signedInPath, signedOutPath } from './app/session'

// Whoever is not signed in yet is on the way to the issuer: what draws the portal is loaded once they are back.
const drawing = () => import('./app/show')

async function signedIn() {
  const session = new Session(await loadConfig())
  return { session, to: await session.complete() }
}

const wentBack = () => performance.getEntriesByType('navigation').some((entry) => (entry as PerformanceNavigationTiming).type === 'back_forward')

async function start() {
  applyAppearance()
  const { pathname, search } = window.location
  if (pathname === signedOutPath) return (await drawing()).showDoor(false)
  try {
    if (pathname !== signedInPath) return await new Session(await loadConfig()).begin(pathname + search, browserLanguage())
    // The texts are on their way as well by the time that the issuer has answered.
    const [{ showPortal }, { session, to }] = await Promise.all([drawing(), signedIn(), catalogs[browserLanguage()]()])
    window.history.replaceState(null, '', to)
    showPortal(session)
  } catch (error) {
    // Back from the portal leads through the issuer, which answers the sign-in that is over once more.
    if (pathname === signedInPath && wentBack()) return await new Session(await loadConfig()).begin('/', browserLanguage())
    console.error('sign-in', error)
    ;(await drawing()).showDoor(true)
  }
}

void start()
