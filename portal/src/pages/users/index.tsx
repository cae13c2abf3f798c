import Button from '@cloudscape-design/components/button'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ask, listUsers, type UserListOutput, type UserWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { AddUser } from './add'

/** The account's people. */
export default function Users() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const mayAdd = useCan('manage_users')
  const search = useSearch()
  const [adding, setAdding] = useState(false)
  const query = { q: search.asked || undefined }
  const page = usePage<UserWire, UserListOutput>(['users', accountId, query], ({ signal, ...paging }) => ask(listUsers({ path: { accountId }, query: { ...query, ...paging }, signal })))
  return (
    <>
      <ServerTable<UserWire>
        words={{ title: t('users.title'), description: t('users.description'), search: t('users.search'), empty: t('users.empty'), emptyHint: t('users.emptyHint') }}
        page={page}
        search={search}
        actions={
          mayAdd && (
            <Button variant="primary" onClick={() => setAdding(true)}>
              {t('users.add')}
            </Button>
          )
        }
        trackBy="id"
        columnDefinitions={[
          { id: 'name', header: t('users.column.name'), isRowHeader: true, minWidth: 170, cell: ({ id, name }) => <Link href={accountPath(accountId, 'users', id)}>{name}</Link> },
          { id: 'email', header: t('users.column.email'), minWidth: 200, cell: ({ email }) => email },
          { id: 'extension', header: t('users.column.extension'), minWidth: 100, cell: ({ extension }) => extension },
          { id: 'roles', header: t('users.column.roles'), minWidth: 170, cell: ({ roles }) => format.list(roles.map((role) => t(`users.role.${role}`))) },
          { id: 'state', header: t('users.column.state'), minWidth: 120, cell: ({ state }) => <UserState state={state} /> },
        ]}
        ariaLabels={{ tableLabel: t('users.title') }}
      />
      {adding && <AddUser close={() => setAdding(false)} />}
    </>
  )
}

export function UserState({ state }: { state: UserWire['state'] }) {
  const t = useText()
  return <StatusIndicator type={state === 'active' ? 'success' : 'stopped'}>{t(`users.state.${state}`)}</StatusIndicator>
}
