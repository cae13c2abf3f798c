import Checkbox from '@cloudscape-design/components/checkbox'
import { useState } from 'react'
import { ask, assignSeats, idempotencyKey, type SeatWire, type UserWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useSeatsChanged } from '../product/line'
import { PickUsers } from '../product/pick'

/** Gives an available licence to somebody; it keeps its cost center. */
export function Assign({ seat, close }: { seat: SeatWire; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  const [[user], setUsers] = useState<UserWire[]>([])
  const [notify, setNotify] = useState(false)
  const { product, contractId, contractName, costCenter } = seat
  const confirm = async () => {
    if (!user) return
    const body = { userIds: [user.id], costCenterId: costCenter?.id ?? 'none', notify }
    try {
      const { results } = await ask(assignSeats({ path: { accountId, contractId, productId: product.id }, headers: idempotencyKey(key.of(body)), body }))
      close()
      const named = { user: user.name, product: product.name }
      if (results[0]?.result === 'unchanged') say({ type: 'info', content: t('licences.assigned.already', named) })
      else say({ type: 'success', content: t('licences.assigned', named) })
    } catch (error) {
      key.refused(error)
      throw error
    } finally {
      await changed()
    }
  }
  return (
    <Confirm title={t('licences.assign.title', { product: product.name })} verb={t('licences.assign')} size="large" disabled={!user} confirm={confirm} close={close}>
      <div>{costCenter ? t('licences.assign.detailOf', { contract: contractName, costCenter: costCenter.name }) : t('licences.assign.detail', { contract: contractName })}</div>
      <PickUsers selected={user ? [user] : []} select={setUsers} most={1} />
      <Checkbox checked={notify} onChange={({ detail }) => setNotify(detail.checked)}>
        {t('licences.assign.notify')}
      </Checkbox>
    </Confirm>
  )
}
