import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { problemOf, type Problem, type UserWire } from '../../api/client'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { addressesIn, lookUp, mostAddresses, type Found } from './addresses'

/** Many people at once, by their addresses as they come out of a mail or a spreadsheet. */
export function Paste({ accountId, found }: { accountId: string; found: (users: UserWire[]) => void }) {
  const t = useText()
  const format = useFormat()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Found>()
  const [problem, setProblem] = useState<Problem>()
  const addresses = addressesIn(text)
  const look = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const said = await lookUp(accountId, addresses)
      found(said.users)
      setAnswer(said)
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  const tooMany = addresses.length > mostAddresses
  return (
    <ExpandableSection headerText={t('product.paste')}>
      <SpaceBetween size="s">
        <FormField label={t('product.paste.label')} description={t('product.paste.hint')} errorText={tooMany && t('product.paste.tooMany', { most: mostAddresses })} stretch>
          <Textarea value={text} onChange={({ detail }) => setText(detail.value)} rows={4} spellcheck={false} disableBrowserAutocorrect />
        </FormField>
        <Button onClick={() => void look()} loading={busy} disabled={addresses.length === 0 || tooMany}>
          {t('product.paste.look', { count: addresses.length })}
        </Button>
        <div role="status">
          {answer && (
            <Alert type={answer.missing.length + answer.inactive.length > 0 ? 'warning' : 'success'} header={t('product.paste.found', { count: answer.users.length })}>
              {answer.missing.length > 0 && <p>{t('product.paste.missing', { count: answer.missing.length, addresses: format.list(answer.missing) })}</p>}
              {answer.inactive.length > 0 && <p>{t('product.paste.inactive', { count: answer.inactive.length, addresses: format.list(answer.inactive) })}</p>}
            </Alert>
          )}
        </div>
        {problem && <ProblemAlert problem={problem} retry={() => void look()} />}
      </SpaceBetween>
    </ExpandableSection>
  )
}
