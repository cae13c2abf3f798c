import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Component, useEffect, useState, type ReactNode } from 'react'
import { RouterProvider } from 'react-router'
import { Problem, problemOf } from '../api/client'
import { MeProvider, useReadMe } from './account'
import { useAppearance } from './appearance'
import { Flashes } from './flash'
import { ProblemAlert } from './problem-alert'
import { createRouter, Waiting } from './routes'
import type { Session } from './session'
import { SessionProvider } from './sign-in'
import { browserLanguage, isLanguage, Texts, useLanguage } from './texts'
import { Broken } from './notices'

/** Asks once more where that can help: no answer came, or the server was busy. */
export const createQueries = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 2 && error instanceof Problem && (error.kind === 'network' || error.kind === 'busy'),
        // What others changed is seen when a reader comes back to a page; within a moment it is the same.
        staleTime: 5_000,
        refetchOnWindowFocus: false,
      },
    },
  })

/** The portal of somebody who is signed in. */
export function App({ session }: { session: Session }) {
  const [queries] = useState(createQueries)
  return (
    <SessionProvider value={session}>
      <QueryClientProvider client={queries}>
        <Texts first={browserLanguage()}>
          <Whole>
            <Flashes>
              <Reader />
            </Flashes>
          </Whole>
        </Texts>
      </QueryClientProvider>
    </SessionProvider>
  )
}

/** The last resort: not even the frame could be drawn. */
class Whole extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static getDerivedStateFromError = (error: unknown) => ({ error })
  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />
  }
}

function Reader() {
  const { data: me, error, refetch } = useReadMe()
  const { language, setLanguage } = useLanguage()
  const [router] = useState(createRouter)
  useAppearance()
  // Their own language once it is known. Later it changes by the switch alone.
  const own = me?.language
  useEffect(() => {
    if (isLanguage(own)) setLanguage(own)
  }, [own, setLanguage])
  if (error) {
    return (
      <main className="alone">
        <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
      </main>
    )
  }
  if (!me || (isLanguage(own) && language !== own && !router.state.initialized)) return <Waiting />
  return (
    <MeProvider value={me}>
      <RouterProvider router={router} />
    </MeProvider>
  )
}
