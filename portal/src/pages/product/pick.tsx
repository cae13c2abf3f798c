import Box from '@cloudscape-design/components/box'
import { ask, listUsers, type UserListOutput, type UserWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'

type Props = { selected: UserWire[]; select: (users: UserWire[]) => void; most: number }

/** The account's people, found as one types. What was selected stays so while another name is searched for. */
export function PickUsers({ selected, select, most }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const search = useSearch()
  const query = { q: search.asked || undefined }
  const page = usePage<UserWire, UserListOutput>(['users', accountId, 'pick', query], ({ signal, ...paging }) => ask(listUsers({ path: { accountId }, query: { ...query, ...paging, pageSize: 10 }, signal })))
  const inactive = ({ state }: UserWire) => state === 'deactivated'
  return (
    <ServerTable<UserWire>
      headingLevel="h3"
      variant="embedded"
      words={{ title: t('product.users'), search: t('product.users.search'), empty: t('product.users.empty') }}
      page={page}
      search={search}
      trackBy="id"
      selectionType={most === 1 ? 'single' : 'multi'}
      selectedItems={selected}
      onSelectionChange={({ detail }) => select(detail.selectedItems)}
      isItemDisabled={(user) => inactive(user) || (most > 1 && selected.length >= most && !selected.some(({ id }) => id === user.id))}
      columnDefinitions={[
        { id: 'name', header: t('product.column.user'), isRowHeader: true, minWidth: 150, cell: ({ name }) => name },
        { id: 'email', header: t('product.column.email'), minWidth: 180, cell: ({ email }) => email },
        { id: 'extension', header: t('product.column.extension'), minWidth: 110, cell: (user) => (inactive(user) ? <Box color="text-status-inactive">{t('product.deactivated')}</Box> : user.extension) },
      ]}
      ariaLabels={{
        tableLabel: t('product.users'),
        selectionGroupLabel: t('product.users'),
        allItemsSelectionLabel: () => t('product.select.all'),
        itemSelectionLabel: (_, { name }) => t('product.select.one', { user: name }),
      }}
    />
  )
}
