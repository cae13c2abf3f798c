import { useQueryClient } from '@tanstack/react-query'
import { ask, changeUser, idempotencyKey, ifMatch, resendInvitation } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useSeatsChanged } from '../product/line'
import { useNamesOf } from '../products/products'
import type { Person } from './person'

type Props = { person: Person; close: () => void }

/** Says which seats will be free before somebody is deactivated. */
export function Deactivate({ person, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useSeatsChanged(accountId)
  const name = useNamesOf(person, person.seats)
  const confirm = async () => {
    try {
      const { freedSeats = [] } = await ask(changeUser({ path: { accountId, userId: person.id }, headers: ifMatch(person.tag), body: { state: 'deactivated' } }))
      close()
      say({ type: 'success', content: t('user.deactivated', { name: person.name, count: freedSeats.length }) })
    } finally {
      // A refusal may mean that somebody else changed them: the list of seats in the window is then the present one.
      await changed()
    }
  }
  return (
    <Confirm title={t('user.deactivate.title', { name: person.name })} verb={t('user.deactivate')} confirm={confirm} close={close}>
      <div>{t('user.deactivate.detail')}</div>
      <div>{t('user.deactivate.seats', { count: person.seats.length })}</div>
      {person.seats.length > 0 && (
        <ul>
          {person.seats.map(({ productId, contractId }) => (
            <li key={productId}>
              <strong>{name.product(productId)}</strong> {name.contract(contractId)}
            </li>
          ))}
        </ul>
      )}
    </Confirm>
  )
}

export function Reactivate({ person, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useSeatsChanged(accountId)
  const confirm = async () => {
    try {
      await ask(changeUser({ path: { accountId, userId: person.id }, headers: ifMatch(person.tag), body: { state: 'active' } }))
      close()
      say({ type: 'success', content: t('user.reactivated', { name: person.name }) })
    } finally {
      await changed()
    }
  }
  return (
    <Confirm title={t('user.reactivate.title', { name: person.name })} verb={t('user.reactivate')} confirm={confirm} close={close}>
      {t('user.reactivate.detail')}
    </Confirm>
  )
}

export function Invite({ person, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const queries = useQueryClient()
  const confirm = async () => {
    try {
      await ask(resendInvitation({ path: { accountId, userId: person.id }, headers: idempotencyKey(key.of(person.id)) }))
      close()
      say({ type: 'success', content: t('user.invited', { email: person.email }) })
      await queries.invalidateQueries({ queryKey: ['users', accountId] })
    } catch (error) {
      key.refused(error)
      throw error
    }
  }
  return (
    <Confirm title={t('user.invite.title')} verb={t('user.invite.verb')} confirm={confirm} close={close}>
      {t('user.invite.detail', { name: person.name, email: person.email })}
    </Confirm>
  )
}
