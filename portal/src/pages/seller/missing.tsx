import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { Link } from '../../app/link'
import { useText } from '../../app/texts'
import { useSeller } from './read'

/** Tells operators that nobody can be quoted a price, and where to change that; nothing once somebody sells. */
export function SellerMissing() {
  const t = useText()
  const { data } = useSeller()
  if (!data || data.data.country !== '') return null
  return (
    <Box margin={{ bottom: 'm' }}>
      <Alert type="warning" header={t('seller.missing')}>
        {t('seller.empty')} <Link href="/seller">{t('seller.missing.fill')}</Link>
      </Alert>
    </Box>
  )
}
