import CloudscapeLink, { type LinkProps } from '@cloudscape-design/components/link'
import { useCallback } from 'react'
import { useNavigate } from 'react-router'

type Followed = { preventDefault: () => void; detail: { href?: string; external?: boolean } }

/** For onFollow of Cloudscape's parts: goes there without loading the portal again. */
export function useFollow(): (event: Followed) => void {
  const navigate = useNavigate()
  return useCallback(
    (event: Followed) => {
      const { href, external } = event.detail
      if (external || !href?.startsWith('/')) return
      event.preventDefault()
      void navigate(href)
    },
    [navigate],
  )
}

/** A link to a page of the portal. */
export function Link(props: LinkProps) {
  return <CloudscapeLink {...props} onFollow={useFollow()} />
}
