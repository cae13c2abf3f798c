import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Form from '@cloudscape-design/components/form'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { askWithTag, changeContractTerms, getContract, ifMatch, Problem, problemOf, type ContractDetailOutput } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Clashes } from './clashes'
import { bodyOf, changedFields, draftOf, merge, wrongFields, type Clash, type Draft } from './draft'
import { Fields, useFieldName } from './fields'

/** The form: it sends what was changed, and where somebody else was faster it asks whose values shall stand. */
export function TermsForm({ first, firstTag }: { first: ContractDetailOutput; firstTag: string }) {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const queries = useQueryClient()
  const [{ contract, tag }, setRead] = useState({ contract: first, tag: firstTag })
  const [draft, setDraft] = useState(() => draftOf(first))
  const [clashes, setClashes] = useState<Clash[]>([])
  const [taken, setTaken] = useState<string[]>([])
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const name = useFieldName(contract)
  const base = draftOf(contract)
  const wrong = wrongFields(base, draft)
  const changed = changedFields(base, draft).length > 0

  const take = (read: { data: ContractDetailOutput; tag: string }, next: Draft) => {
    setRead({ contract: read.data, tag: read.tag })
    setDraft(next)
  }
  const save = async () => {
    const saved = await askWithTag(changeContractTerms({ path: { accountId, contractId: contract.id }, headers: ifMatch(tag), body: bodyOf(base, draft) }))
    take(saved, draftOf(saved.data))
    setTaken([])
    say({ type: 'success', content: t('terms.saved', { name: contract.name }) })
    await Promise.all(['contracts', 'usage', 'alerts', 'activity', 'terms'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId], refetchType: 'none' })))
  }
  // Somebody else was faster: how it is now, put together with what was typed.
  const compare = async () => {
    const now = await askWithTag(getContract({ path: { accountId, contractId: contract.id } }))
    const merged = merge(base, draft, draftOf(now.data))
    take(now, merged.draft)
    setClashes(merged.clashes)
    setTaken(merged.taken)
  }
  const send = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await save()
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) setProblem(problemOf(error))
      else await compare().catch((failed: unknown) => setProblem(problemOf(failed)))
    } finally {
      setBusy(false)
    }
  }
  const choose = ({ field, mine, theirs }: Clash, whose: 'mine' | 'theirs') => {
    setDraft((all) => ({ ...all, [field]: whose === 'mine' ? mine : theirs }))
    setClashes((all) => all.filter((clash) => clash.field !== field))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (changed && wrong.length === 0 && clashes.length === 0) void send()
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" disabled={busy || !changed} onClick={() => (setDraft(base), setClashes([]))}>
              {t('terms.reset')}
            </Button>
            <Button variant="primary" loading={busy} disabled={!changed || wrong.length > 0 || clashes.length > 0}>
              {t('terms.save')}
            </Button>
          </SpaceBetween>
        }
        errorText={wrong.length > 0 ? t('terms.wrong', { fields: format.list(wrong.map(name)) }) : undefined}
      >
        <SpaceBetween size="l">
          {problem && <ProblemAlert problem={problem} />}
          {taken.length > 0 && (
            <Alert type="info" header={t('terms.taken')}>
              <Box color="inherit">{t('terms.taken.detail', { fields: format.list(taken.map(name)) })}</Box>
            </Alert>
          )}
          {clashes.length > 0 && <Clashes clashes={clashes} name={name} choose={choose} />}
          <Fields contract={contract} draft={draft} wrong={wrong} change={(field, value) => setDraft((all) => ({ ...all, [field]: value }))} />
        </SpaceBetween>
      </Form>
    </form>
  )
}
