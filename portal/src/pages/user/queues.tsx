import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { UserQueue } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useText } from '../../app/texts'
import { QueueList } from '../product/kept'
import { useSetQueues } from '../product/queues'
import { useNamesOf } from '../products/products'
import type { Person } from './person'

type Props = { person: Person; close: () => void }

/** As many as the API takes. */
const most = 50
const types: UserQueue['type'][] = ['call', 'inbox', 'outbound']

/** The queues that a person answers, by type. */
export function Queues({ person }: { person: Person }) {
  const t = useText()
  const [window, setWindow] = useState<'edit' | 'leave'>()
  const queues = person.queues ?? []
  const close = () => setWindow(undefined)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t('user.queues.hint')}
          actions={
            person.actions.includes('answer') && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setWindow('leave')} disabled={queues.length === 0}>
                  {t('product.queues.leave')}
                </Button>
                <Button onClick={() => setWindow('edit')}>{t('user.queues.edit')}</Button>
              </SpaceBetween>
            )
          }
        >
          {t('user.queues')}
        </Header>
      }
    >
      {queues.length > 0 ? (
        <QueueList queues={queues} />
      ) : (
        <Box variant="strong" textAlign="center" color="inherit" display="block">
          {t('user.queues.empty')}
        </Box>
      )}
      {window === 'edit' && <EditQueues person={person} close={close} />}
      {window === 'leave' && <LeaveAll person={person} close={close} />}
    </Container>
  )
}

/** The queues of a person as a list of rows, each of a type and a name. */
function EditQueues({ person, close }: Props) {
  const t = useText()
  const set = useSetQueues(person)
  const [rows, setRows] = useState<UserQueue[]>(person.queues ?? [])
  const options = types.map((value) => ({ value, label: t(`user.queues.${value}`) }))
  const put = (at: number, change: Partial<UserQueue>) => setRows(rows.map((row, i) => (i === at ? { ...row, ...change } : row)))
  const confirm = async () => {
    await set(rows)
    close()
  }
  return (
    <Confirm title={t('user.queues.title', { name: person.name })} verb={t('user.queues.save')} size="large" disabled={rows.some(({ name }) => name.trim() === '')} confirm={confirm} close={close}>
      <AttributeEditor<UserQueue>
        items={rows}
        addButtonText={t('user.queues.add')}
        disableAddButton={rows.length >= most}
        removeButtonText={t('user.queues.remove')}
        removeButtonAriaLabel={({ name }) => t('user.queues.remove.of', { queue: name })}
        empty={t('user.queues.empty')}
        onAddButtonClick={() => setRows([...rows, { type: 'call', name: '' }])}
        onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, i) => i !== detail.itemIndex))}
        definition={[
          {
            label: t('user.queues.type'),
            control: ({ type }, at) => (
              <Select options={options} selectedOption={options.find(({ value }) => value === type) ?? null} onChange={({ detail }) => put(at, { type: detail.selectedOption.value as UserQueue['type'] })} />
            ),
          },
          { label: t('user.queues.name'), control: ({ name }, at) => <Input value={name} onChange={({ detail }) => put(at, { name: detail.value })} nativeInputAttributes={{ maxLength: 100 }} /> },
        ]}
      />
      {rows.length === 0 && <Ending person={person} />}
    </Confirm>
  )
}

/** Asks before a person is taken out of all queues. */
function LeaveAll({ person, close }: Props) {
  const t = useText()
  const set = useSetQueues(person)
  const confirm = async () => {
    await set([])
    close()
  }
  return (
    <Confirm title={t('user.queues.leave.title', { name: person.name })} verb={t('user.queues.leave.verb')} confirm={confirm} close={close}>
      <QueueList queues={person.queues ?? []} />
      <Ending person={person} />
    </Confirm>
  )
}

/** The seats that end with the last queue. */
function Ending({ person }: { person: Person }) {
  const t = useText()
  const name = useNamesOf(person, person.seats)
  const ends = person.seats.filter(({ productId }) => name.derived(productId))
  return (
    <div>
      {t('user.queues.ends', { count: ends.length })}
      {ends.length > 0 && (
        <ul>
          {ends.map(({ productId, contractId }) => (
            <li key={productId}>
              <strong>{name.product(productId)}</strong> {name.contract(contractId)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
