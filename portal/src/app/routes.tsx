import Spinner from '@cloudscape-design/components/spinner'
import { Component, lazy, Suspense, type ReactNode } from 'react'
import { createBrowserRouter, Navigate, Outlet, useLocation, useParams, useRouteError, type RouteObject } from 'react-router'
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
        <Suspense fallback={<Waiting />}>{view}</Suspense>
      </Boundary>
    </Frame>
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
  if (error) {
    return (
      <Frame>
        <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
      </Frame>
    )
  }
  if (!data) return <Waiting />
  rememberAccount(data.id)
  return (
    <AccountProvider value={data}>
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
