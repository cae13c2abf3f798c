import Spinner from '@cloudscape-design/components/spinner'
import { lazy, Suspense, type ComponentProps } from 'react'

// Charts are large, and the page is of use before they are there.
const OverTime = lazy(() => import('./over-time'))

/** How the use of a product went over time. */
export function UseOverTime(props: ComponentProps<typeof OverTime>) {
  return (
    <Suspense fallback={<Spinner size="large" />}>
      <OverTime {...props} />
    </Suspense>
  )
}
