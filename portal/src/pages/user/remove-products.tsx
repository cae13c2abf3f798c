import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { Confirm } from '../../app/confirm'
import { useText } from '../../app/texts'
import { LeaveAll } from '../product/queues'
import { useNamesOf } from '../products/products'
import { Refused, useChange } from './change'
import type { Person } from './person'

/** Takes several products from a person at once. */
export function RemoveProducts({ person, close }: { person: Person; close: () => void }) {
  const t = useText()
  const { change, refused } = useChange(person)
  const [chosen, setChosen] = useState<string[]>([])
  const [notify, setNotify] = useState(false)
  const [leaving, setLeaving] = useState(false)
  // Those of when the window opened, so that the names of what was refused stay.
  const [seats] = useState(person.seats)
  const name = useNamesOf(person, seats)
  const confirm = async () => {
    const failed = await change({ remove: chosen, notify })
    if (failed.length === 0) close()
    else setChosen(failed.map(({ productId }) => productId))
  }
  if (leaving) return <LeaveAll user={person} close={() => setLeaving(false)} done={close} />
  return (
    <Confirm title={t('user.removeProducts.title', { name: person.name })} verb={t('user.removeProducts.verb', { count: chosen.length })} disabled={chosen.length === 0} confirm={confirm} close={close}>
      <Refused results={refused} nameOf={name.product} leave={() => setLeaving(true)} />
      <FormField label={t('user.products')} description={t('user.removeProducts.hint')}>
        <SpaceBetween size="s">
          {person.seats.map(({ productId, contractId }) => (
            <Checkbox
              key={productId}
              checked={chosen.includes(productId)}
              description={name.contract(contractId)}
              onChange={({ detail }) => setChosen((before) => (detail.checked ? [...before, productId] : before.filter((id) => id !== productId)))}
            >
              {name.product(productId)}
            </Checkbox>
          ))}
        </SpaceBetween>
      </FormField>
      <Checkbox checked={notify} onChange={({ detail }) => setNotify(detail.checked)}>
        {t('user.notify')}
      </Checkbox>
    </Confirm>
  )
}
