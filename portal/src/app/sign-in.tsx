import { createContext, useContext } from 'react'
import type { Session } from './session'
import { useLanguage } from './texts'

const Current = createContext<Session | undefined>(undefined)
export const SessionProvider = Current.Provider

/** Signs in again and comes back to this page. */
export function useSignIn(): () => void {
  const session = useContext(Current)
  const { language } = useLanguage()
  return () => {
    const { pathname, search } = window.location
    session?.begin(pathname + search, language).catch((error: unknown) => console.error('sign-in', error))
  }
}

export function useSignOut(): () => void {
  const session = useContext(Current)
  return () => {
    session?.end().catch((error: unknown) => console.error('sign-out', error))
  }
}
