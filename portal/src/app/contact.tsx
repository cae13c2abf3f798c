import Box from '@cloudscape-design/components/box'
import Link from '@cloudscape-design/components/link'
import type { AccountContact } from '../api/client'
import { useText } from './texts'

/** Whom to ask, with the ways to reach them. */
export function Contact({ contact }: { contact: AccountContact }) {
  const t = useText()
  const { name, email, phone } = contact
  if (!name && !email && !phone) return <Box color="inherit">{t('app.contact.none')}</Box>
  return (
    <Box color="inherit">
      {t('app.contact')} <strong>{name}</strong>{' '}
      {email && (
        <Link variant="primary" href={`mailto:${email}`}>
          {email}
        </Link>
      )}{' '}
      {phone && (
        <Link variant="primary" href={`tel:${phone.replaceAll(/\s/g, '')}`}>
          {phone}
        </Link>
      )}
    </Box>
  )
}
