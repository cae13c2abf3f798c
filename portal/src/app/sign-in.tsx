import { createContext, useContext } from 'react'
import type { Session } from './session'
import { useLanguage } from './texts'

const Current = createContext<Session | undefined>(undefined)
export const SessionProvider = Current.Provider

/** Signs in again: on this page, as it stands, where the issuer allows that (then it tells so), else by way of the issuer, which leads back to it. */
export function useSignIn(): () => Promise<boolean> {
  const session = useContext(Current)
  const { language } = useLanguage()
  return async () => {
    if (!session) return false
    if (await session.again()) return true
    const { pathname, search } = window.location
    await session.begin(pathname + search, language).catch((error: unknown) => console.error('sign-in', error))
    return false
  }
}

export function useSignOut(): () => void {
  const session = useContext(Current)
  return () => {
    session?.end().catch((error: unknown) => console.error('sign-out', error))
  }
}
