import Spinner from '@cloudscape-design/components/spinner'
import { useQueryClient } from '@tanstack/react-query'
import { Component, lazy, Suspense, useDeferredValue, useEffect, useState, type ReactNode } from 'react'
import { createBrowserRouter, matchPath, Navigate, Outlet, useLocation, useParams, useRouteError, type RouteObject } from 'react-router'
import { problemOf } from '../api/client'
import { pages } from '../pages/routes'
import { AccountProvider, useAccountIfAny, useMe, useReadAccount } from './account'
import { Frame } from './frame'
import { lastAccount, rememberAccount } from './last-account'
import { Broken, NoAccount, NoPage, NotFound } from './notices'
import { accountPath, allowed, isDesk, type Page } from './page'
import { ProblemAlert } from './problem-alert'
import { useText } from './texts'

const routeOf = (page: Page): RouteObject => {
  const View = lazy(page.load)
  return { path: page.path, element: <Shown page={page} view={<View />} /> }
}

export const createRouter = () =>
  createBrowserRouter([
    {
      errorElement: <RouteFailed />,
      children: [
        { path: '/', element: <Start /> },
        ...pages.filter(isDesk).map(routeOf),
        {
          path: '/accounts/:accountId',
          element: <OfAccount />,
          children: [{ index: true, element: <FirstPage /> }, ...pages.filter((page) => !isDesk(page)).map(routeOf), { path: '*', element: <Unknown /> }],
        },
        { path: '*', element: <Unknown /> },
      ],
    },
  ])

const patternOf = (page: Page) => (isDesk(page) ? `/${page.path}` : `/accounts/:accountId/${page.path}`)

/** The page of an address, if there is one. */
export const pageAt = (pathname: string): Page | undefined => pages.find((page) => matchPath(patternOf(page), pathname))

function Unknown() {
  return (
    <Frame>
      <NotFound />
    </Frame>
  )
}

/** What not even the frame's own boundary caught. */
function RouteFailed() {
  return (
    <main className="alone">
      <Broken error={useRouteError()} />
    </main>
  )
}

/** A page in its frame, or the word that it is not there: what one may not see is not said to exist. */
function Shown({ page, view }: { page: Page; view: ReactNode }) {
  const me = useMe()
  const account = useAccountIfAny()
  const { pathname } = useLocation()
  if (!allowed(page, me, account)) return <Unknown />
  return (
    <Frame page={page}>
      <Boundary key={pathname}>
        <Suspense fallback={<Waiting />}>
          <Answered>{view}</Answered>
        </Suspense>
      </Boundary>
    </Frame>
  )
}

// Long enough for nearly every answer. A page whose answer takes longer is shown as it is, and says itself what is still missing.
const longest = 2_000

/**
 * A page once all that it asked for first has been answered. Until then it keeps its place unseen, so that nothing that is on the
 * screen is moved by what comes later.
 */
function Answered({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const missing = () => queries.isFetching({ predicate: (query) => query.state.status === 'pending' }) > 0
    let frame = 0
    // Two frames after the last answer: by then it is in its place, and what it made the page ask for is under way.
    const look = () => {
      cancelAnimationFrame(frame)
      if (!missing()) frame = requestAnimationFrame(() => (frame = requestAnimationFrame(() => setShown(true))))
    }
    look()
    const stop = queries.getQueryCache().subscribe(look)
    const late = setTimeout(() => setShown(true), longest)
    return () => {
      stop()
      cancelAnimationFrame(frame)
      clearTimeout(late)
    }
  }, [queries])
  const visible = useDeferredValue(shown)
  return (
    <div className={visible ? undefined : 'unanswered'}>
      {!visible && <Waiting />}
      <div>{children}</div>
    </div>
  )
}

/** A page that breaks leaves the frame standing, and so a way out of it. */
class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static getDerivedStateFromError = (error: unknown) => ({ error })
  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />
  }
}

export function Waiting() {
  const t = useText()
  return (
    <div className="waiting" role="status" aria-label={t('app.table.loading')}>
      <Spinner size="large" />
    </div>
  )
}

function OfAccount() {
  const { accountId = '' } = useParams()
  const { data, error, refetch } = useReadAccount(accountId)
  // The frame is much to draw at once: deferred, React does it in slices, and the browser answers in between.
  const drawn = useDeferredValue(data)
  const account = drawn?.id === accountId ? drawn : undefined
  if (error) {
    return (
      <Frame>
        <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
      </Frame>
    )
  }
  if (!account) return <Waiting />
  rememberAccount(account.id)
  return (
    <AccountProvider value={account}>
      <Outlet />
    </AccountProvider>
  )
}

/** The first page of the account that the reader may see. */
function FirstPage() {
  const me = useMe()
  const account = useAccountIfAny()
  const first = pages.find((page) => page.section && !isDesk(page) && allowed(page, me, account))
  if (account && first) return <Navigate to={accountPath(account.id, first.path)} replace />
  return (
    <Frame>
      <NoPage />
    </Frame>
  )
}

/** Where one comes in: the account that one was in last, else one's first, else one's desk. */
function Start() {
  const me = useMe()
  const last = lastAccount()
  const account = me.accounts.find(({ id }) => id === last) ?? me.accounts[0]
  if (account) return <Navigate to={accountPath(account.id)} replace />
  const desk = pages.find((page) => isDesk(page) && page.section && allowed(page, me, undefined))
  if (desk) return <Navigate to={`/${desk.path}`} replace />
  return (
    <Frame>
      <NoAccount operator={me.operator} />
    </Frame>
  )
}
