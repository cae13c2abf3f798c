import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { ask, askWithTag, getBillingProfile, ifMatch, problemOf, putBillingProfile, type AccountBillingWire, type Problem } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { Fields, missing } from './fields'

type Read = { data: AccountBillingWire; tag: string }

/** Who is billed, and under which tax number. */
export default function BillingProfile() {
  const { id: accountId } = useAccount()
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['billing-profile', accountId], queryFn: ({ signal }) => askWithTag(getBillingProfile({ path: { accountId }, signal })) })
  if (error && !data) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  if (isPending) return <Waiting />
  return data && <Edit key={accountId} read={data} readAnew={async () => (await refetch({ throwOnError: true })).data} />
}

/** The form. It keeps what was typed, whatever comes back; what somebody else saved meanwhile is a choice. */
function Edit({ read, readAnew }: { read: Read; readAnew: () => Promise<Read | undefined> }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const [draft, setDraft] = useState(read.data)
  const [tag, setTag] = useState(read.tag)
  const [theirs, setTheirs] = useState<Read>()
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const save = async (under: string) => {
    setTried(true)
    setProblem(undefined)
    if (missing(draft).length > 0) return
    setBusy(true)
    try {
      const { postalCode, taxNumber, email, ...needed } = draft
      await ask(putBillingProfile({ path: { accountId }, headers: ifMatch(under), body: { ...needed, postalCode: postalCode || undefined, taxNumber: taxNumber || undefined, email: email || undefined } }))
      setTheirs(undefined)
      say({ type: 'success', content: t('billing-profile.saved') })
      const now = await readAnew()
      if (now) take(now)
    } catch (error) {
      const refused = problemOf(error)
      setProblem(refused)
      if (refused.status === 412) setTheirs(await readAnew().catch(() => undefined))
    } finally {
      setBusy(false)
    }
  }
  const take = ({ data, tag }: Read) => {
    setDraft(data)
    setTag(tag)
    setTheirs(undefined)
    setProblem(undefined)
    setTried(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save(tag)
  }
  return (
    <form onSubmit={submit} noValidate>
      <Form
        actions={
          <Button variant="primary" formAction="submit" loading={busy} disabled={theirs !== undefined}>
            {t('billing-profile.save')}
          </Button>
        }
      >
        <SpaceBetween size="m">
          {!read.data.country && <Alert type="info">{t('billing-profile.empty')}</Alert>}
          {theirs ? <Choice theirs={theirs.data} keep={() => void save(theirs.tag)} take={() => take(theirs)} busy={busy} /> : problem && <ProblemAlert problem={problem} />}
          <Container
            header={
              <Header variant="h1" description={t('billing-profile.description')}>
                {t('billing-profile.title')}
              </Header>
            }
          >
            <Fields draft={draft} change={setDraft} tried={tried} problem={problem} />
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}

/** Somebody else saved meanwhile: theirs or one's own. */
function Choice({ theirs, keep, take, busy }: { theirs: AccountBillingWire; keep: () => void; take: () => void; busy: boolean }) {
  const t = useText()
  const lines = [theirs.legalName, theirs.street, [theirs.postalCode, theirs.city, theirs.country].filter(Boolean).join(' '), theirs.taxNumber, theirs.email].filter(Boolean)
  return (
    <Alert
      type="warning"
      header={t('billing-profile.conflict')}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <Button formAction="none" onClick={take} disabled={busy}>
            {t('billing-profile.take')}
          </Button>
          <Button formAction="none" onClick={keep} loading={busy}>
            {t('billing-profile.keep')}
          </Button>
        </SpaceBetween>
      }
    >
      {t('billing-profile.conflict.detail')}
      <div className="words">{lines.join('\n')}</div>
    </Alert>
  )
}
