import '@cloudscape-design/global-styles/index.css'
import 'virtual:theme.css'
import './app/frame.css'
import { applyAppearance } from './app/appearance'
import { loadConfig } from './app/config'
import { browserLanguage } from './app/language'
import { Session, signedInPath, signedOutPath } from './app/session'

// Whoever is not signed in yet is on the way to the issuer: what draws the portal is loaded once they are back.
const drawing = () => import('./app/show')

async function start() {
  applyAppearance()
  const { pathname, search } = window.location
  if (pathname === signedOutPath) return (await drawing()).showDoor(false)
  try {
    const session = new Session(await loadConfig())
    if (pathname !== signedInPath) return await session.begin(pathname + search, browserLanguage())
    const [{ showPortal }, to] = await Promise.all([drawing(), session.complete()])
    window.history.replaceState(null, '', to)
    showPortal(session)
  } catch (error) {
    console.error('sign-in', error)
    ;(await drawing()).showDoor(true)
  }
}

void start()
