import { render, type RenderResult } from '@testing-library/react'
import { I18nProvider } from '@cloudscape-design/components/i18n'
import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { RawIntlProvider } from 'react-intl'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { connect, type AccountMeWire } from '../api/client'
import { AccountProvider, MeProvider, type Account, type Permission } from '../app/account'
import { createQueries } from '../app/app'
import { Flashes, FlashMessages } from '../app/flash'
import { intlOf, type Language } from '../app/texts'
import * as en from '../texts/en'
import * as fr from '../texts/fr'

export const accountId = 'acc_01KE6P4YM08EJZWGJN6B3ZCKT4'
const everything: Permission[] = ['view', 'manage_licences', 'manage_users', 'manage_billing', 'manage_systems', 'manage_data']

type Given = { permissions?: Permission[]; language?: Language; path?: string; route?: string; me?: Partial<AccountMeWire>; account?: Partial<Account> }

/** Shows a page as its frame would, to somebody with these permissions in an account of Paris. */
export function show(page: ReactNode, { permissions = everything, language = 'en', path = '/', route = '/', me, account }: Given = {}): RenderResult {
  const { texts, messages } = { fr, en }[language]
  const mine = { kind: 'member', roles: [], permissions, account: { id: accountId, name: 'Ateliers' }, today: '2026-11-21', now: '2026-11-21T09:00:00Z' } as Account['mine']
  const settings = { id: accountId, name: 'Ateliers', timeZone: 'Europe/Paris', locale: 'fr', currency: 'EUR', edition: 'standard', representative: { name: 'Rachel Reed', email: 'rachel@vendor.example' } } as Account['settings']
  const whole: Account = { id: accountId, name: 'Ateliers', timeZone: 'Europe/Paris', settings, mine, ...account }
  connect(
    () => 'token',
    () => language,
  )
  // Within the router, as in the frame: a message may have a link.
  const flash = <FlashMessages />
  const router = createMemoryRouter([{ path: route, element: <>{flash}{page}</> }, { path: '*', element: flash }], { initialEntries: [path] })
  return render(
    <QueryClientProvider client={createQueries()}>
      <RawIntlProvider value={intlOf(language, texts)}>
        <I18nProvider locale={language} messages={[messages]}>
          <MeProvider value={{ operator: false, muted: [], accounts: [], name: 'Adèle Martin', ...me }}>
            <AccountProvider value={whole}>
              <Flashes>
                <RouterProvider router={router} />
              </Flashes>
            </AccountProvider>
          </MeProvider>
        </I18nProvider>
      </RawIntlProvider>
    </QueryClientProvider>,
  )
}
