import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { problemOf, type Problem } from '../api/client'
import { ProblemAlert } from './problem-alert'
import { useText } from './texts'

type Props = {
  title: string
  children: ReactNode
  /** The verb of the button: what will be done. */
  verb: string
  /** Nothing can be confirmed yet. */
  disabled?: boolean
  size?: 'small' | 'medium' | 'large'
  /** Does it. A refusal is shown in the window, which stays open with all that was chosen. */
  confirm: () => Promise<void>
  close: () => void
}

/** A window that asks before something is done. Mount it when it opens: then it is fresh each time. */
export function Confirm({ title, children, verb, disabled, size, confirm, close }: Props) {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  // The button is at the end of a window that may be long, and the refusal at its beginning.
  const refused = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) refused.current?.scrollIntoView({ block: 'center' })
  }, [problem])
  const act = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await confirm()
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      visible
      header={title}
      size={size}
      onDismiss={() => !busy && close()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close} disabled={busy}>
              {t('app.cancel')}
            </Button>
            <Button variant="primary" onClick={() => void act()} loading={busy} disabled={disabled}>
              {verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && (
          <div ref={refused}>
            <ProblemAlert problem={problem} />
          </div>
        )}
        {/* SpaceBetween gives a key to elements alone. */}
        {typeof children === 'string' ? <div>{children}</div> : children}
      </SpaceBetween>
    </Modal>
  )
}
