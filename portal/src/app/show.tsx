import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../api/client'
import { App } from './app'
import { pageAt } from './routes'
import { Door } from './notices'
import type { Session } from './session'
import { browserLanguage, currentLanguage, Texts } from './texts'

function show(what: ReactNode) {
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<StrictMode>{what}</StrictMode>)
}

/** What is shown before anybody is signed in. */
export function showDoor(failed: boolean): void {
  const again = () => window.location.assign('/')
  show(
    <Texts first={browserLanguage()}>
      <Door failed={failed} signIn={again} />
    </Texts>,
  )
}

export function showPortal(session: Session): void {
  // The page is loaded while the API says who is reading; what fails is asked for anew, and said, once the page is drawn.
  pageAt(window.location.pathname)?.load().catch(() => undefined)
  connect(session.token, currentLanguage)
  show(<App session={session} />)
}
