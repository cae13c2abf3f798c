import Button from '@cloudscape-design/components/button'
import { useAccount, useCan } from '../../app/account'
import { useFollow } from '../../app/link'
import { accountPath } from '../../app/page'
import { useText } from '../../app/texts'

/** The way to a request, for who may send one; of a product, to a request for that. */
export function Ask({ product }: { product?: { id: string; name: string } }) {
  const t = useText()
  const follow = useFollow()
  const { id, mine } = useAccount()
  if (!useCan('send_requests') || mine.kind !== 'member') return null
  const requests = accountPath(id, 'requests')
  if (!product) {
    return (
      <Button href={requests} onFollow={follow}>
        {t('catalog.ask')}
      </Button>
    )
  }
  return (
    <Button variant="inline-link" href={`${requests}?${new URLSearchParams({ product: product.id }).toString()}`} onFollow={follow} ariaLabel={t('catalog.ask.of', { product: product.name })}>
      {t('catalog.ask.this')}
    </Button>
  )
}
