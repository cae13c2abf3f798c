import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, askWithTag, deletePermissionSet, ifMatch, listPermissionSets, type AccountPermissionSet } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage, type Listing } from '../../app/use-page'
import { Edit } from './edit'

/** All sets of an account have one revision. */
type Sets = Listing<AccountPermissionSet> & { tag: string }

export default function PermissionSets() {
  const t = useText()
  const format = useFormat()
  const { id: accountId, mine } = useAccount()
  const mayManage = useCan('manage_users')
  const queries = useQueryClient()
  const [editing, setEditing] = useState<AccountPermissionSet | 'new'>()
  const [deleting, setDeleting] = useState<AccountPermissionSet>()
  const page = usePage<AccountPermissionSet, Sets>(['permission-sets', accountId], async ({ signal }) => {
    const { data, tag } = await askWithTag(listPermissionSets({ path: { accountId }, signal }))
    return { ...data, tag }
  })
  const tag = page.answer?.tag ?? ''
  const changed = () => queries.invalidateQueries({ queryKey: ['permission-sets', accountId] })
  // Nobody hands out, or takes back, what they do not have themselves.
  const mayHandle = (set: AccountPermissionSet) => mayManage && set.permissions.every((permission) => mine.permissions.includes(permission))
  return (
    <>
      <ServerTable<AccountPermissionSet>
        words={{ title: t('permission-sets.title'), description: t('permission-sets.description'), empty: t('permission-sets.empty'), emptyHint: t('permission-sets.emptyHint') }}
        page={page}
        trackBy="id"
        actions={
          mayManage && (
            <Button variant="primary" onClick={() => setEditing('new')}>
              {t('permission-sets.create')}
            </Button>
          )
        }
        columnDefinitions={[
          { id: 'name', header: t('permission-sets.column.name'), isRowHeader: true, minWidth: 180, cell: ({ name }) => name },
          { id: 'permissions', header: t('permission-sets.column.permissions'), minWidth: 220, cell: ({ permissions }) => format.list(permissions.map((permission) => t(`permission-sets.permission.${permission}`))) },
          {
            id: 'actions',
            header: t('permission-sets.column.actions'),
            minWidth: 170,
            cell: (set) =>
              mayHandle(set) && (
                <SpaceBetween direction="horizontal" size="s">
                  <Button variant="inline-link" onClick={() => setEditing(set)} ariaLabel={t('permission-sets.change.of', { name: set.name })}>
                    {t('permission-sets.change')}
                  </Button>
                  <Button variant="inline-link" onClick={() => setDeleting(set)} ariaLabel={t('permission-sets.delete.of', { name: set.name })}>
                    {t('permission-sets.delete')}
                  </Button>
                </SpaceBetween>
              ),
          },
        ]}
      />
      {editing && <Edit set={editing === 'new' ? undefined : editing} tag={tag} changed={changed} close={() => setEditing(undefined)} />}
      {deleting && <Delete set={deleting} tag={tag} changed={changed} close={() => setDeleting(undefined)} />}
    </>
  )
}

type Deleting = { set: AccountPermissionSet; tag: string; changed: () => Promise<void>; close: () => void }

function Delete({ set, tag, changed, close }: Deleting) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const confirm = async () => {
    try {
      await ask(deletePermissionSet({ path: { accountId, permissionSetId: set.id }, headers: ifMatch(tag) }))
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('permission-sets.deleted', { name: set.name }) })
    close()
  }
  return (
    <Confirm title={t('permission-sets.delete.title', { name: set.name })} verb={t('permission-sets.delete')} confirm={confirm} close={close}>
      {t('permission-sets.delete.detail')}
    </Confirm>
  )
}
