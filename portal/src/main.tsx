import '@cloudscape-design/global-styles/index.css'
import 'virtual:theme.css'
import './app/frame.css'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from './api/client'
import { App } from './app/app'
import { applyAppearance } from './app/appearance'
import { loadConfig } from './app/config'
import { Door } from './app/notices'
import { Session, signedInPath, signedOutPath } from './app/session'
import { browserLanguage, currentLanguage, Texts } from './app/texts'

function show(what: ReactNode) {
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<StrictMode>{what}</StrictMode>)
}

async function start() {
  applyAppearance()
  const again = () => window.location.assign('/')
  const door = (failed: boolean) =>
    show(
      <Texts first={browserLanguage()}>
        <Door failed={failed} signIn={again} />
      </Texts>,
    )
  const { pathname, search } = window.location
  if (pathname === signedOutPath) return door(false)
  try {
    const session = new Session(await loadConfig())
    if (pathname !== signedInPath) return await session.begin(pathname + search, browserLanguage())
    const to = await session.complete()
    window.history.replaceState(null, '', to)
    connect(session.token, currentLanguage)
    show(<App session={session} />)
  } catch (error) {
    console.error('sign-in', error)
    door(true)
  }
}

void start()
