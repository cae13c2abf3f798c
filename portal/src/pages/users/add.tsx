import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addUser, ask, idempotencyKey } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { Fields, nobody } from './form'

/** Adds a person, who is then invited by mail. */
export function AddUser({ close }: { close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const queries = useQueryClient()
  const [typed, setTyped] = useState(nobody)
  const confirm = async () => {
    const { extension, locale, ...rest } = typed
    const body = { ...rest, extension: extension || undefined, locale: locale || undefined }
    try {
      const added = await ask(addUser({ path: { accountId }, headers: idempotencyKey(key.of(body)), body }))
      close()
      say({ type: 'success', content: t('users.added', { name: added.name, email: added.email }) })
      await queries.invalidateQueries({ queryKey: ['users', accountId] })
    } catch (error) {
      key.refused(error)
      throw error
    }
  }
  return (
    <Confirm title={t('users.add')} verb={t('users.add.verb')} disabled={typed.name.trim() === '' || typed.email.trim() === ''} confirm={confirm} close={close}>
      <Fields typed={typed} type={(change) => setTyped((before) => ({ ...before, ...change }))} />
    </Confirm>
  )
}
