import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, changePermissionSet, createPermissionSet, idempotencyKey, ifMatch, type AccountPermissionSet } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'

type Permission = AccountPermissionSet['permissions'][number]
const grantable: Permission[] = ['view', 'manage_licences', 'manage_users', 'manage_billing']

type Props = { set: AccountPermissionSet | undefined; tag: string; changed: () => Promise<void>; close: () => void }

/** Makes a set, or changes one. What was typed stays when it is refused, and the list behind is read anew. */
export function Edit({ set, tag, changed, close }: Props) {
  const t = useText()
  const { id: accountId, mine } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const [name, setName] = useState(set?.name ?? '')
  const [permissions, setPermissions] = useState<Permission[]>(set?.permissions ?? ['view'])
  const body = { name: name.trim(), permissions }
  const send = () =>
    set
      ? ask(changePermissionSet({ path: { accountId, permissionSetId: set.id }, headers: ifMatch(tag), body }))
      : ask(createPermissionSet({ path: { accountId }, headers: idempotencyKey(key.of(body)), body }))
  const confirm = async () => {
    try {
      await send()
    } catch (error) {
      key.refused(error)
      throw error
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('permission-sets.saved', { name: body.name }) })
    close()
  }
  const choose = (permission: Permission, chosen: boolean) => setPermissions((all) => grantable.filter((one) => (one === permission ? chosen : all.includes(one))))
  return (
    <Confirm
      title={set ? t('permission-sets.change.title', { name: set.name }) : t('permission-sets.create')}
      verb={t('permission-sets.save')}
      disabled={body.name === '' || permissions.length === 0}
      confirm={confirm}
      close={close}
    >
      <SpaceBetween size="m">
        <FormField label={t('permission-sets.column.name')}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label={t('permission-sets.column.permissions')} description={t('permission-sets.own')}>
          <SpaceBetween size="xs">
            {grantable.map((permission) => (
              <Checkbox
                key={permission}
                checked={permissions.includes(permission)}
                disabled={!mine.permissions.includes(permission)}
                description={t(`permission-sets.permission.${permission}.detail`)}
                onChange={({ detail }) => choose(permission, detail.checked)}
              >
                {t(`permission-sets.permission.${permission}`)}
              </Checkbox>
            ))}
          </SpaceBetween>
        </FormField>
      </SpaceBetween>
    </Confirm>
  )
}
