import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useParams } from 'react-router'
import { problemOf } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFormat } from '../../app/format'
import { usePageName } from '../../app/frame'
import { NotFound } from '../../app/notices'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { UserState } from '../users'
import { Edit } from './edit'
import { Erase } from './erase'
import { Held } from './held'
import { Queues } from './queues'
import { usePerson, useSetNames, type Person } from './person'
import { Invite, Reactivate, Deactivate } from './state'

/** A person: who they are, what they may, and the seats that they hold. */
export default function User() {
  const { id: accountId } = useAccount()
  const { userId = '' } = useParams()
  const { data: person, error, refetch } = usePerson(accountId, userId)
  if (!person && error) {
    const problem = problemOf(error)
    return problem.kind === 'missing' ? <NotFound /> : <ProblemAlert problem={problem} retry={() => void refetch()} />
  }
  return person ? <Shown person={person} /> : <Waiting />
}

/** What can be done with a person, each in a window: the API says what the reader may. Their queues have buttons of their own. */
type Window = Exclude<Person['actions'][number], 'queues'>

function Shown({ person }: { person: Person }) {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const setName = useSetNames(accountId, person.permissionSetIds.length > 0)
  const [window, setWindow] = useState<Window>()
  usePageName(person.name)
  const close = () => setWindow(undefined)
  const none = t('user.none')
  const buttons = person.actions.filter((one): one is Window => one !== 'queues')
  return (
    <SpaceBetween size="m">
      <Container
        header={
          <Header
            variant="h1"
            actions={
              buttons.length > 0 && (
                <SpaceBetween direction="horizontal" size="xs">
                  {buttons.map((one) => (
                    <Button key={one} onClick={() => setWindow(one)}>
                      {t(`user.${one}`)}
                    </Button>
                  ))}
                </SpaceBetween>
              )
            }
          >
            {person.name}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: t('users.column.email'), value: person.email },
            { label: t('users.column.extension'), value: person.extension ?? none },
            { label: t('users.column.state'), value: <UserState state={person.state} /> },
            { label: t('users.column.roles'), value: format.list(person.roles.map((role) => t(`users.role.${role}`))) || none },
            { label: t('users.sets'), value: format.list(person.permissionSetIds.map(setName)) || none },
            { label: t('users.locale'), value: person.locale ? t(`app.language.${person.locale}`) : t('users.locale.account') },
          ]}
        />
      </Container>
      <Held person={person} />
      {(person.state === 'active' || person.queues) && <Queues person={person} />}
      {window === 'edit' && <Edit person={person} close={close} />}
      {window === 'invite' && <Invite person={person} close={close} />}
      {window === 'deactivate' && <Deactivate person={person} close={close} />}
      {window === 'erase' && <Erase person={person} close={close} />}
      {window === 'reactivate' && <Reactivate person={person} close={close} />}
    </SpaceBetween>
  )
}
