import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { ask, getAccount, getMe, getMeInAccount, type AccountMeInAccountWire, type AccountMeWire, type AccountWire } from '../api/client'

export type Permission = AccountMeInAccountWire['permissions'][number]

/** The account that the page is about, and what the reader is in it. */
export type Account = {
  id: string
  name: string
  /** Its zone, in which its days begin. Of an account whose settings the reader may not see: that of the browser. */
  timeZone: string
  /** The settings; undefined for a reader without the permission `view`. */
  settings: AccountWire | undefined
  mine: AccountMeInAccountWire
}

const Me = createContext<AccountMeWire | undefined>(undefined)
const Current = createContext<Account | undefined>(undefined)

export const MeProvider = Me.Provider
export const AccountProvider = Current.Provider

const meKey = ['me']

export async function readMe(signal?: AbortSignal): Promise<AccountMeWire> {
  const me = await ask(getMe({ query: { pageSize: 200 }, signal }))
  const accounts = [...me.accounts]
  for (let token = me.nextPageToken; token; ) {
    const page = await ask(getMe({ query: { pageSize: 200, pageToken: token }, signal }))
    accounts.push(...page.accounts)
    token = page.nextPageToken
  }
  return { ...me, accounts }
}

export const useReadMe = () => useQuery({ queryKey: meKey, queryFn: ({ signal }) => readMe(signal), staleTime: Infinity })

/** What changed in the reader's own settings, without asking for it again. */
export function useMeChanged(): (change: Partial<AccountMeWire>) => void {
  const queries = useQueryClient()
  return (change) => queries.setQueryData<AccountMeWire>(meKey, (me) => me && { ...me, ...change })
}

export const useReadAccount = (id: string) =>
  useQuery({
    queryKey: ['account', id],
    queryFn: async ({ signal }): Promise<Account> => {
      const mine = await ask(getMeInAccount({ path: { accountId: id }, signal }))
      const sees = mine.permissions.includes('view')
      const settings = sees ? await ask(getAccount({ path: { accountId: id }, signal })) : undefined
      const timeZone = settings?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
      return { id, name: mine.account.name, timeZone, settings, mine }
    },
    // Rights can be taken away while a page is open; the API refuses whatever the portal still shows.
    staleTime: 60_000,
  })

export function useMe(): AccountMeWire {
  const me = useContext(Me)
  if (!me) throw new Error('no reader yet')
  return me
}

/** The account of the address. Only within pages of an account. */
export function useAccount(): Account {
  const account = useContext(Current)
  if (!account) throw new Error('not a page of an account')
  return account
}

export const useAccountIfAny = (): Account | undefined => useContext(Current)

/** Whether the reader may do what needs a permission in this account. What they may not is not shown. */
export function useCan(permission: Permission): boolean {
  return useAccountIfAny()?.mine.permissions.includes(permission) ?? false
}

/** Whom to ask for a change of terms: the partner, else the vendor's representative. Empty where neither is known. */
export function useContact(): { name?: string; email?: string; phone?: string } {
  const settings = useAccountIfAny()?.settings
  return useMemo(() => settings?.partner?.contact ?? settings?.representative ?? {}, [settings])
}

export type WithChildren = { children: ReactNode }
