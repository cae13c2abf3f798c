import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import type { Problem } from '../api/client'
import { useSignIn } from './sign-in'
import { useText } from './texts'

/** A refusal in words: what it is, what to do, and the button that does it. */
export function ProblemAlert({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const t = useText()
  const signIn = useSignIn()
  const [busy, setBusy] = useState(false)
  // The problem that signing in again has ended; what was typed is still there, and can be sent.
  const [ended, setEnded] = useState<Problem>()
  const again = async () => {
    setBusy(true)
    if (await signIn()) {
      setEnded(problem)
      retry?.()
    }
    setBusy(false)
  }
  if (ended === problem) return <Alert type="success">{t('app.problem.signedIn')}</Alert>
  const action =
    problem.kind === 'session' ? (
      <Button loading={busy} onClick={() => void again()}>
        {t('app.problem.signIn')}
      </Button>
    ) : retry ? (
      <Button onClick={retry}>{t('app.problem.retry')}</Button>
    ) : undefined
  return (
    <Alert type={problem.kind === 'conflict' || problem.kind === 'busy' ? 'warning' : 'error'} header={problem.title || t(`app.problem.${problem.kind}.title`)} action={action}>
      <div role="alert">{problem.detail || t(`app.problem.${problem.kind}.detail`)}</div>
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((wrong) => (
            <li key={`${wrong.location} ${wrong.code}`}>{wrong.detail}</li>
          ))}
        </ul>
      )}
      {problem.instance !== '' && (
        <Box variant="small" color="inherit">
          {t('app.problem.instance', { id: problem.instance })}
        </Box>
      )}
    </Alert>
  )
}
