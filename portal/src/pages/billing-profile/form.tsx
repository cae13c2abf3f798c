import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent, type ReactNode } from 'react'
import { problemOf, type Problem } from '../../api/client'
import { useFlash } from '../../app/flash'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Fields, missing, type Company, type FieldsProps } from './fields'

/** A company as it was read; the tag is empty where nobody has filled it in. */
export type Read<C extends Company> = { data: C; tag: string }

type Props<C extends Company> = Pick<FieldsProps<C>, 'countries' | 'mail'> & {
  read: Read<C>
  readAnew: () => Promise<Read<C> | undefined>
  put: (draft: C, tag: string) => Promise<unknown>
  words: {
    title: string
    description: string
    saved: string
    /** What follows from nobody having filled it in. */
    empty: string
    /** Somebody else saved meanwhile. */
    conflict: string
  }
  /** Fields beside those of every company. */
  more?: (draft: C, change: (draft: C) => void, problem: Problem | undefined) => ReactNode
}

/** What is left out where it is empty. */
export const said = (text: string): string | undefined => text.trim() || undefined

/** The form. It keeps what was typed, whatever comes back; what somebody else saved meanwhile is a choice. */
export function CompanyForm<C extends Company>({ read, readAnew, put, words, countries, mail, more }: Props<C>) {
  const t = useText()
  const { say } = useFlash()
  const [draft, setDraft] = useState(read.data)
  const [tag, setTag] = useState(read.tag)
  const [theirs, setTheirs] = useState<Read<C>>()
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const save = async (under: string) => {
    setTried(true)
    setProblem(undefined)
    if (missing(draft).length > 0) return
    setBusy(true)
    try {
      await put(draft, under)
      setTheirs(undefined)
      say({ type: 'success', content: words.saved })
      const now = await readAnew()
      if (now) take(now)
    } catch (error) {
      const refused = problemOf(error)
      setProblem(refused)
      // 428: it was not there when it was read, and is now.
      if (refused.status === 412 || refused.status === 428) setTheirs(await readAnew().catch(() => undefined))
    } finally {
      setBusy(false)
    }
  }
  const take = ({ data, tag }: Read<C>) => {
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
          {!read.data.country && <Alert type="info">{words.empty}</Alert>}
          {theirs ? <Choice theirs={theirs.data} title={words.conflict} keep={() => void save(theirs.tag)} take={() => take(theirs)} busy={busy} /> : problem && <ProblemAlert problem={problem} />}
          <Container
            header={
              <Header variant="h1" description={words.description}>
                {words.title}
              </Header>
            }
          >
            <SpaceBetween size="l">
              <Fields draft={draft} change={setDraft} tried={tried} problem={problem} countries={countries} mail={mail} />
              {more?.(draft, setDraft, problem)}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}

/** Somebody else saved meanwhile: theirs or one's own. */
function Choice({ theirs, title, keep, take, busy }: { theirs: Company; title: string; keep: () => void; take: () => void; busy: boolean }) {
  const t = useText()
  const lines = [theirs.legalName, theirs.street, [theirs.postalCode, theirs.city, theirs.country].filter(Boolean).join(' '), theirs.taxNumber, theirs.email].filter(Boolean)
  return (
    <Alert
      type="warning"
      header={title}
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
