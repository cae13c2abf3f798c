import Button from '@cloudscape-design/components/button'
import { useAccount, useCan } from '../../app/account'
import { useFollow } from '../../app/link'
import { accountPath } from '../../app/page'
import { useText } from '../../app/texts'

/** The way to a request, for who may send one. */
export function Ask() {
  const t = useText()
  const follow = useFollow()
  const { id } = useAccount()
  if (!useCan('send_requests')) return null
  return (
    <Button href={accountPath(id, 'requests')} onFollow={follow}>
      {t('catalog.ask')}
    </Button>
  )
}
