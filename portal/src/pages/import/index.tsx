import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { useFormat } from '../../app/format'
import { Choice, type Chosen } from './choice'
import { Results } from './results'
import { useRun, type Run } from './use-run'

/** A file of the CRM: looked at first, then taken over. */
export default function Import() {
  const t = useText()
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<Chosen>({ kind: 'contracts', file: undefined, terms: {} })
  const preview = useRun(chosen, true)
  const apply = useRun(chosen, false)
  const choose = (next: Chosen) => {
    setChosen(next)
    preview.forget()
    apply.forget()
  }
  const begun = apply.state !== 'idle'
  const busy = preview.state === 'running' || apply.state === 'running'
  // Another account's pages may show what came in.
  const take = () => void apply.go().then(() => queries.invalidateQueries())
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t('import.description')}>
        {t('import.title')}
      </Header>
      <Container
        footer={
          !begun && (
            <Box float="right">
              <Button variant={preview.state === 'done' ? 'normal' : 'primary'} disabled={!chosen.file || busy} onClick={() => void preview.go()}>
                {t('import.preview')}
              </Button>
            </Box>
          )
        }
      >
        <Choice chosen={chosen} choose={choose} disabled={busy} />
      </Container>
      {!begun && <Progress run={preview} title={t('import.preview.running')} again={() => void preview.go()} />}
      {!begun && preview.state === 'done' && (
        <SpaceBetween size="l">
          <Results title={t('import.preview.title')} report={preview.report} file={chosen.file} />
          <Alert
            type="info"
            header={t('import.preview.nothing')}
            action={
              <Button variant="primary" disabled={preview.report.created + preview.report.changed === 0} onClick={take}>
                {t('import.apply')}
              </Button>
            }
          >
            {t('import.preview.detail', { count: preview.report.created + preview.report.changed, rejected: preview.report.rejected })}
          </Alert>
        </SpaceBetween>
      )}
      <Progress run={apply} title={t('import.apply.running')} again={take} />
      {begun && apply.report.sent > 0 && <Results title={apply.state === 'done' ? t('import.done') : t('import.soFar')} report={apply.report} file={chosen.file} />}
    </SpaceBetween>
  )
}

/** How far it is; and where it stopped, the way on from there. */
function Progress({ run, title, again }: { run: Run; title: string; again: () => void }) {
  const t = useText()
  const format = useFormat()
  if (run.state === 'idle' || run.state === 'done') return null
  const percent = run.rows === 0 ? 0 : Math.floor((100 * run.report.rows) / run.rows)
  return (
    <Container>
      <SpaceBetween size="m">
        <ProgressBar value={percent} label={title} description={t('import.rows', { done: format.number(run.report.rows), all: format.number(run.rows) })} />
        {run.problem && <ProblemAlert problem={run.problem} />}
        {run.state === 'running' ? (
          <Button onClick={run.stop}>{t('import.stop')}</Button>
        ) : (
          <SpaceBetween size="xs">
            <Box>{t('import.stopped')}</Box>
            <Button onClick={again}>{t('import.goOn')}</Button>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  )
}
