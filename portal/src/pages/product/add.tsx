import Alert from '@cloudscape-design/components/alert'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TokenGroup from '@cloudscape-design/components/token-group'
import { useState } from 'react'
import { ask, assignSeats, idempotencyKey, Problem, type AssignSeatsBody, type SeatResultWire, type UserWire } from '../../api/client'
import { useAccount, useContact } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { Contact } from '../../app/contact'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { Usage } from '../products/usage'
import { Features } from './features'
import { pausedBy, useFeatures, useSeatsChanged, type Line } from './line'
import { Paste } from './paste'
import { PickUsers } from './pick'
import { PoolSelect } from './pool-select'

// The most that one request takes.
const most = 500

const wentWell = ({ result }: SeatResultWire) => result === 'assigned' || result === 'changed' || result === 'unchanged'

/** Selects users and gives each a seat. Who got none stays selected, with the reason. */
export function AddUsers({ line, close }: { line: Line; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  const known = useFeatures(accountId, line.product.id)
  const [selected, setSelected] = useState<UserWire[]>([])
  const [pool, setPool] = useState<string>()
  const [features, setFeatures] = useState<string[]>([])
  const [notify, setNotify] = useState(false)
  const [refused, setRefused] = useState<SeatResultWire[]>([])
  const path = { accountId, contractId: line.contract.id, productId: line.product.id }
  const add = (users: UserWire[]) => setSelected((before) => [...before, ...users.filter(({ id }) => !before.some((one) => one.id === id))].slice(0, most))

  const confirm = async () => {
    const body: AssignSeatsBody = { userIds: selected.map(({ id }) => id), costCenterId: pool, features: features.length > 0 ? features : undefined, notify, partial: true }
    setRefused([])
    let results: SeatResultWire[]
    try {
      results = (await ask(assignSeats({ path, headers: idempotencyKey(key.of(body)), body }))).results
    } catch (error) {
      key.refused(error)
      // Whatever was refused, the figures that it was decided on are to be seen.
      await changed()
      // Where nobody could be added, each has a reason of their own.
      const said = error instanceof Problem && error.members.results
      if (!Array.isArray(said) || said.length < 2) throw error
      results = said as SeatResultWire[]
    }
    const failed = results.filter((result) => !wentWell(result))
    const good = results.length - failed.length
    if (good > 0) say({ type: 'success', content: t('product.added', { count: good, product: line.product.name }) })
    if (failed.length === 0) close()
    setRefused(failed)
    setSelected((before) => before.filter(({ id }) => failed.some(({ userId }) => userId === id)))
    await changed()
  }
  return (
    <Confirm title={t('product.add.title', { product: line.product.name })} verb={t('product.add.verb', { count: selected.length })} size="large" disabled={selected.length === 0} confirm={confirm} close={close}>
      <Usage usage={line.usage} label={line.product.name} />
      <Room line={line} wanted={selected.length} />
      {refused.length > 0 && <Refused results={refused} users={selected} />}
      <PickUsers selected={selected} select={setSelected} most={most} />
      <Paste accountId={accountId} found={add} />
      {selected.length > 0 && (
        <FormField label={t('product.selected', { count: selected.length })} stretch>
          <TokenGroup
            items={selected.map(({ name, email }) => ({ label: name, description: email, dismissLabel: t('product.unselect', { user: name }) }))}
            onDismiss={({ detail }) => setSelected((before) => before.filter((_, i) => i !== detail.itemIndex))}
            limit={6}
            i18nStrings={{ limitShowMore: t('product.selected.more'), limitShowFewer: t('product.selected.fewer') }}
          />
        </FormField>
      )}
      <PoolSelect pools={line.pools} chosen={pool} choose={setPool} />
      <SpaceBetween size="xs">
        <Features known={known} on={features} set={setFeatures} />
        <Checkbox checked={notify} onChange={({ detail }) => setNotify(detail.checked)} description={t('product.notify.detail')}>
          {t('product.notify')}
        </Checkbox>
      </SpaceBetween>
    </Confirm>
  )
}

/** What is to be known before it is tried: that there is no room any more, or not for all. */
function Room({ line, wanted }: { line: Line; wanted: number }) {
  const t = useText()
  const contact = useContact()
  const paused = pausedBy(line)
  const { available } = line.usage
  if (!paused && wanted <= available) return null
  return (
    <Alert type="warning" header={paused && t('product.paused')}>
      {paused ? t(`product.paused.${paused}`) : t('product.fewer', { count: available })}
      <Contact contact={contact} />
    </Alert>
  )
}

function Refused({ results, users }: { results: SeatResultWire[]; users: UserWire[] }) {
  const t = useText()
  return (
    <Alert type="warning" header={t('product.refused', { count: results.length })}>
      <div role="alert">
        <ul>
          {results.map(({ userId, detail }) => (
            <li key={userId}>
              <strong>{users.find(({ id }) => id === userId)?.name}</strong> {detail}
            </li>
          ))}
        </ul>
      </div>
    </Alert>
  )
}
