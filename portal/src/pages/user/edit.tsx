import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, changeUser, ifMatch, type ChangeUserBody } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { Fields, type Typed } from '../users/form'
import type { Person } from './person'

const typedOf = ({ name, email, extension, locale, roles, permissionSetIds }: Person): Typed => ({ name, email, extension: extension ?? '', locale: locale ?? '', roles, permissionSetIds })

/** Only what the reader changed, so that what somebody else changed meanwhile stays. */
function changes(before: Typed, typed: Typed): ChangeUserBody {
  const differs = (field: keyof Typed) => JSON.stringify(before[field]) !== JSON.stringify(typed[field])
  const changed = Object.fromEntries(Object.entries(typed).filter(([field]) => differs(field as keyof Typed)))
  return changed as ChangeUserBody
}

/** Changes who somebody is and what they may. */
export function Edit({ person, close }: { person: Person; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const queries = useQueryClient()
  // As it was when the window opened: later it is read anew beneath it.
  const [before] = useState(() => typedOf(person))
  const [typed, setTyped] = useState(before)
  const body = changes(before, typed)
  const confirm = async () => {
    try {
      await ask(changeUser({ path: { accountId, userId: person.id }, headers: ifMatch(person.tag), body }))
      close()
      say({ type: 'success', content: t('user.edited', { name: typed.name }) })
    } finally {
      await queries.invalidateQueries({ queryKey: ['users', accountId] })
    }
  }
  return (
    <Confirm title={t('user.edit.title', { name: person.name })} verb={t('user.edit.verb')} disabled={Object.keys(body).length === 0 || typed.name.trim() === '' || typed.email.trim() === ''} confirm={confirm} close={close}>
      <Fields ownLocale={before.locale !== ''} typed={typed} type={(change) => setTyped((now) => ({ ...now, ...change }))} />
    </Confirm>
  )
}
