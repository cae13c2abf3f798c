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
import { Ending, LeaveAll, mostQueues, QueueList, queueTypes, useChangeQueues } from '../product/queues'
import { useNamesOf } from '../products/products'
import type { Person } from './person'

/** The queues that a person is a member of, by type. */
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
            person.actions.includes('queues') && (
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
      {window === 'leave' && <LeaveAll user={person} close={close} />}
    </Container>
  )
}

const same = (a: UserQueue) => (b: UserQueue) => a.type === b.type && a.name === b.name

/** Those of some queues that are not among others, each once. */
const without = (some: UserQueue[], others: UserQueue[]) => some.filter((one, at) => !others.some(same(one)) && some.findIndex(same(one)) === at)

/** The queues of a person as a list of rows, each of a type and a name. Only what was changed in it is sent, so that what another administrator does meanwhile stays. */
function EditQueues({ person, close }: { person: Person; close: () => void }) {
  const t = useText()
  const change = useChangeQueues(person, close)
  const [before] = useState<UserQueue[]>(person.queues ?? [])
  const [rows, setRows] = useState(before)
  const options = queueTypes.map((value) => ({ value, label: t(`user.queues.${value}`) }))
  const put = (at: number, to: Partial<UserQueue>) => setRows(rows.map((row, i) => (i === at ? { ...row, ...to } : row)))
  const said = rows.map(({ type, name }) => ({ type, name: name.trim() }))
  const add = without(said, before)
  const remove = without(before, said)
  const seats = useNamesOf(person, person.seats)
  const leaving = before.length > 0 && rows.length === 0
  const disabled = (leaving && !seats.derived) || said.some(({ name }) => name === '') || add.length + remove.length === 0
  const confirm = () => change({ ...(add.length > 0 && { add }), ...(remove.length > 0 && { remove }) }, before.length > 0)
  return (
    <Confirm title={t('user.queues.title', { name: person.name })} verb={t('user.queues.save')} size="large" disabled={disabled} confirm={confirm} close={close}>
      <AttributeEditor<UserQueue>
        items={rows}
        addButtonText={t('user.queues.add')}
        disableAddButton={rows.length >= mostQueues}
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
      {leaving && <Ending seats={seats} />}
    </Confirm>
  )
}
