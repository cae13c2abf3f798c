import { ask, listAccounts, type AccountSummaryWire } from '../../api/client'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { SellerMissing } from '../seller/missing'

/** Every account, for operators: the way into one, and to its settings. */
export default function Accounts() {
  const t = useText()
  const search = useSearch()
  const q = search.asked || undefined
  const page = usePage<AccountSummaryWire>(['accounts', 'desk', q], ({ signal, ...paging }) => ask(listAccounts({ query: { q, ...paging }, signal })))
  return (
    <>
      <SellerMissing />
      <ServerTable<AccountSummaryWire>
        words={{ title: t('accounts.title'), description: t('accounts.description'), search: t('accounts.search'), empty: t('accounts.empty'), emptyHint: t('accounts.emptyHint') }}
        page={page}
        search={search}
        trackBy="id"
        columnDefinitions={[
          { id: 'name', header: t('accounts.column.name'), isRowHeader: true, minWidth: 180, cell: ({ id, name }) => <Link href={accountPath(id)}>{name}</Link> },
          { id: 'crmId', header: t('accounts.column.crmId'), minWidth: 190, cell: ({ crmId }) => crmId },
          {
            id: 'settings',
            header: t('settings.title'),
            minWidth: 170,
            cell: ({ id, name }) => (
              <Link href={accountPath(id, 'settings')} ariaLabel={t('accounts.settings.of', { name })}>
                {t('accounts.settings')}
              </Link>
            ),
          },
        ]}
      />
    </>
  )
}
