import type { ComponentType } from 'react'
import type { AccountMeWire } from '../api/client'
import type { Account, Permission } from './account'

export const sections = ['overview', 'subscription', 'people', 'buying', 'desk'] as const
export type Section = (typeof sections)[number]

/** A page as the router, the navigation, the breadcrumb and the help panel know it. */
export type Page = {
  /** Its folder, and how the keys of its texts begin: `<name>.title` and `<name>.help` are used by the frame. */
  name: string
  /** Below /accounts/{accountId}/, or below / for a page of a desk. May have parameters: `users/:userId`. */
  path: string
  /** Where it stands in the navigation; left out: nowhere, one comes to it from its parent. */
  section?: Section
  /** The page above it in the breadcrumb. */
  parent?: string
  /** Who may see it: a permission in the account, or for a page of a desk the kind of staff. */
  needs: Permission | 'partner' | 'operator'
  load: () => Promise<{ default: ComponentType }>
}

/** Pages of a desk are about no one account. */
export const isDesk = (page: Page): boolean => page.needs === 'partner' || page.needs === 'operator'

/** Whether a reader may see a page: from no account, only those of the desks. */
export function allowed(page: Page, me: AccountMeWire, account: Account | undefined): boolean {
  if (page.needs === 'operator') return me.operator
  if (page.needs === 'partner') return me.partner !== undefined
  return account?.mine.permissions.includes(page.needs) ?? false
}

/** The address of a page of an account, or of something on it: `accountPath(id, 'users', userId)`. */
export const accountPath = (accountId: string, ...parts: string[]): string => ['/accounts', accountId, ...parts].map((part, i) => (i === 0 ? part : encodeURIComponent(part))).join('/')
