import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useState } from 'react'
import { ask, changeMe, problemOf, type AccountOwn, type Problem } from '../../api/client'
import { useMe, useMeChanged } from '../../app/account'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'

type Mail = NonNullable<AccountOwn['muted']>[number]
const mails: Mail[] = ['usage80', 'usage100', 'contract_expiring', 'contract_expired', 'systems_over']

/** Which mails the reader wants. What they mute stays listed. */
export function Muting() {
  const t = useText()
  const { muted, email } = useMe()
  const changed = useMeChanged()
  const [sending, setSending] = useState<Mail>()
  const [problem, setProblem] = useState<Problem>()
  const want = async (mail: Mail, wanted: boolean) => {
    setSending(mail)
    setProblem(undefined)
    const next = mails.filter((one) => (one === mail ? !wanted : muted.includes(one)))
    try {
      await ask(changeMe({ body: { muted: next } }))
      changed({ muted: next })
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setSending(undefined)
    }
  }
  return (
    <Container
      header={
        <Header variant="h2" description={email ? t('alerts.mails.to', { email }) : t('alerts.mails.detail')}>
          {t('alerts.mails')}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {problem && <ProblemAlert problem={problem} />}
        {mails.map((mail) => (
          // The list is replaced as a whole: one change after another.
          <Toggle key={mail} checked={!muted.includes(mail)} disabled={sending !== undefined} description={t(`alerts.mail.${mail}.detail`)} onChange={({ detail }) => void want(mail, detail.checked)}>
            {t(`alerts.mail.${mail}`)}
          </Toggle>
        ))}
      </SpaceBetween>
    </Container>
  )
}
