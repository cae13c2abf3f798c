import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { ask, eraseUser, idempotencyKey } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useSeatsChanged } from '../product/line'
import type { Person } from './person'

/** Asks for the address of who is to be erased: it cannot be undone. */
export function Erase({ person, close }: { person: Person; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  const [email, setEmail] = useState('')
  const same = email.trim().toLowerCase() === person.email.toLowerCase()
  const confirm = async () => {
    try {
      await ask(eraseUser({ path: { accountId, userId: person.id }, headers: idempotencyKey(key.of(email)), body: { email: email.trim() } }))
      close()
      say({ type: 'success', content: t('user.erase.done') })
    } catch (error) {
      key.refused(error)
      throw error
    } finally {
      await changed()
    }
  }
  return (
    <Confirm title={t('user.erase.title', { name: person.name })} verb={t('user.erase')} disabled={!same} confirm={confirm} close={close}>
      <div>{t('user.erase.detail')}</div>
      <FormField label={t('user.erase.confirm', { email: person.email })}>
        <Input value={email} onChange={({ detail }) => setEmail(detail.value)} autoComplete={false} />
      </FormField>
    </Confirm>
  )
}
