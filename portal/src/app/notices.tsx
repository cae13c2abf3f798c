import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import { Problem } from '../api/client'
import { Link } from './link'
import { ProblemAlert } from './problem-alert'
import { useText } from './texts'

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box padding={{ vertical: 'l' }}>
      <Container header={<Header variant="h1">{title}</Header>}>{children}</Container>
    </Box>
  )
}

export function NotFound() {
  const t = useText()
  return (
    <Notice title={t('app.notFound.title')}>
      <Box variant="p">{t('app.notFound.detail')}</Box>
      <Link href="/">{t('app.notFound.back')}</Link>
    </Notice>
  )
}

/** Somebody who is known to the issuer and to no account. An operator chooses one in the top bar. */
export function NoAccount({ operator }: { operator: boolean }) {
  const t = useText()
  return <Notice title={t('app.noAccount.title')}>{operator ? t('app.noAccount.operator') : t('app.noAccount.detail')}</Notice>
}

export function NoPage() {
  const t = useText()
  return <Notice title={t('app.noPage.title')}>{t('app.noPage.detail')}</Notice>
}

export function Broken({ error }: { error: unknown }) {
  const t = useText()
  const reload = () => window.location.reload()
  if (error instanceof Problem) return <ProblemAlert problem={error} retry={reload} />
  return (
    <Alert type="error" header={t('app.broken.title')} action={<Button onClick={reload}>{t('app.broken.reload')}</Button>}>
      {t('app.broken.detail')}
    </Alert>
  )
}

/** What is shown before anybody is signed in: after signing out, or when it did not work. */
export function Door({ failed, signIn }: { failed: boolean; signIn: () => void }) {
  const t = useText()
  return (
    <main className="door">
      <img src="/seat.svg" alt="" width="56" height="56" />
      <h1>{t(failed ? 'app.door.failed.title' : 'app.door.signedOut.title')}</h1>
      <p>{t(failed ? 'app.door.failed.detail' : 'app.door.signedOut.detail')}</p>
      <Button variant="primary" onClick={signIn}>
        {t('app.door.signIn')}
      </Button>
    </main>
  )
}
