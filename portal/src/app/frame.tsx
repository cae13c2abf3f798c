import AppLayout from '@cloudscape-design/components/app-layout-toolbar'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Box from '@cloudscape-design/components/box'
import HelpPanel from '@cloudscape-design/components/help-panel'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useLocation } from 'react-router'
import { pages } from '../pages/routes'
import { useAccountIfAny, useMe } from './account'
import { FlashMessages, useFlash } from './flash'
import { useFollow } from './link'
import { accountPath, allowed, isDesk, sections, type Page } from './page'
import { useText } from './texts'
import { TopBar } from './top-bar'

const Naming = createContext<(name: string) => void>(() => undefined)

/** Says what the page is about, for breadcrumb and title: the name of the one user, contract, order. */
export function usePageName(name: string | undefined): void {
  const say = useContext(Naming)
  useEffect(() => {
    say(name ?? '')
    return () => say('')
  }, [say, name])
}

const phone = () => window.matchMedia('(max-width: 688px)').matches

/** What stands around every page. Without a page it is around a message: nothing here, no account. */
export function Frame({ page, children }: { page?: Page; children: ReactNode }) {
  const t = useText()
  const { pathname } = useLocation()
  const { clear } = useFlash()
  const [name, setName] = useState('')
  const [navigationOpen, setNavigationOpen] = useState(() => !phone())
  const [helpOpen, setHelpOpen] = useState(false)
  const title = page ? t(`${page.name}.title`) : t('app.product')
  useEffect(() => {
    document.title = [name, title, page && t('app.product')].filter(Boolean).join(' · ')
  }, [name, title, page, t])
  useEffect(() => {
    clear()
    if (phone()) setNavigationOpen(false)
  }, [pathname, clear])
  return (
    <Naming.Provider value={setName}>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <TopBar />
      <AppLayout
        headerSelector="#top"
        navigation={<Navigation />}
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigationWidth={250}
        breadcrumbs={page && <Breadcrumb page={page} name={name} />}
        notifications={<FlashMessages />}
        stickyNotifications
        tools={
          page && (
            <HelpPanel header={<h2>{title}</h2>}>
              <Box variant="p">{t(`${page.name}.help`)}</Box>
            </HelpPanel>
          )
        }
        toolsHide={!page}
        toolsOpen={helpOpen}
        onToolsChange={({ detail }) => setHelpOpen(detail.open)}
        toolsWidth={320}
        ariaLabels={{
          navigation: t('app.navigation'),
          navigationClose: t('app.navigation.close'),
          navigationToggle: t('app.navigation.open'),
          notifications: t('app.notifications'),
          tools: t('app.help'),
          toolsClose: t('app.help.close'),
          toolsToggle: t('app.help.open'),
        }}
        content={
          <div id="content" tabIndex={-1}>
            {children}
          </div>
        }
      />
    </Naming.Provider>
  )
}

const addressOf = (page: Page, accountId: string | undefined) => (isDesk(page) ? `/${page.path}` : accountPath(accountId ?? '', page.path))

/** The pages that the reader may see, by section. */
function Navigation() {
  const t = useText()
  const follow = useFollow()
  const me = useMe()
  const account = useAccountIfAny()
  const { pathname } = useLocation()
  const items = useMemo(
    () =>
      sections.flatMap((section): SideNavigationProps.Item[] => {
        const links = pages
          .filter((page) => page.section === section && allowed(page, me, account))
          .map((page): SideNavigationProps.Link => ({ type: 'link', text: t(`${page.name}.title`), href: addressOf(page, account?.id) }))
        if (links.length === 0) return []
        return section === 'overview' ? links : [{ type: 'section-group', title: t(`app.section.${section}`), items: links }]
      }),
    [t, me, account],
  )
  const active = items.flatMap(hrefs).find((href) => pathname === href || pathname.startsWith(`${href}/`))
  return <SideNavigation items={items} activeHref={active} onFollow={follow} />
}

const hrefs = (item: SideNavigationProps.Item): string[] => ('items' in item ? item.items.flatMap(hrefs) : 'href' in item ? [item.href] : [])

function Breadcrumb({ page, name }: { page: Page; name: string }) {
  const t = useText()
  const follow = useFollow()
  const account = useAccountIfAny()
  const { pathname } = useLocation()
  const parent = pages.find((other) => other.name === page.parent)
  const items = [
    ...(account && !isDesk(page) ? [{ text: account.name, href: accountPath(account.id) }] : []),
    ...(parent ? [{ text: t(`${parent.name}.title`), href: addressOf(parent, account?.id) }] : []),
    { text: name || t(`${page.name}.title`), href: pathname },
  ]
  return <BreadcrumbGroup items={items} onFollow={follow} ariaLabel={t('app.breadcrumb')} />
}
