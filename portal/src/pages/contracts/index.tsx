import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ask, disconnectSystem, listContracts, type ContractListOutput, type ContractWire, type ListContractsData } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { Contact } from '../../app/contact'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { columns } from './columns'
import { useOpenRows, type Row } from './rows'

type Query = NonNullable<ListContractsData['query']>
type Status = 'all' | NonNullable<Query['status']>
type Field = 'name' | 'systems' | 'expiryDate' | 'status'

export default function Contracts() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const mayDisconnect = useCan('manage_systems')
  const maySetTerms = useCan('manage_terms')
  const search = useSearch()
  const [status, setStatus] = useState<Status>('all')
  const [sort, setSort] = useState<{ field: Field; descending: boolean }>({ field: 'status', descending: false })
  const [leaving, setLeaving] = useState<Row & { kind: 'system' }>()
  const open = useOpenRows(accountId)

  const query: Query = { q: search.asked || undefined, status: status === 'all' ? undefined : status, orderBy: `${sort.descending ? '-' : ''}${sort.field}` as Query['orderBy'] }
  const page = usePage<ContractWire, ContractListOutput>(['contracts', accountId, query], ({ signal, ...paging }) => ask(listContracts({ path: { accountId }, query: { ...query, ...paging }, signal })))

  const definitions = useMemo(() => {
    const termsOf = ({ id, name }: ContractWire) => (
      <Link href={accountPath(accountId, 'contracts', id, 'terms')} ariaLabel={t('contracts.terms.of', { name })}>
        {t('contracts.terms')}
      </Link>
    )
    return columns({ t, format, disconnect: mayDisconnect ? setLeaving : undefined, termsOf: maySetTerms ? termsOf : undefined })
  }, [t, format, mayDisconnect, maySetTerms, accountId])
  const rows = page.items.map((contract): Row => ({ kind: 'contract', id: contract.id, contract }))
  const children = (row: Row): Row[] => (row.kind === 'contract' ? open.systems(row.id).items.map((system) => ({ kind: 'system', id: system.id, system, contract: row.contract })) : [])
  const banner = page.answer?.banner
  return (
    <SpaceBetween size="m">
      {banner && (
        <Alert type="warning" header={banner.detail}>
          <Contact contact={banner.contact} />
        </Alert>
      )}
      <ServerTable<Row>
        words={{ title: t('contracts.title'), description: t('contracts.description'), search: t('contracts.search'), empty: t('contracts.empty'), emptyHint: t('contracts.emptyHint') }}
        page={{ ...page, items: rows }}
        search={search}
        filtered={status !== 'all'}
        clearFilters={() => setStatus('all')}
        filters={
          <SegmentedControl
            label={t('contracts.column.status')}
            selectedId={status}
            onChange={({ detail }) => setStatus(detail.selectedId as Status)}
            options={(['all', 'active', 'expired'] as const).map((id) => ({ id, text: t(`contracts.filter.${id}`) }))}
          />
        }
        columnDefinitions={definitions}
        trackBy="id"
        sortingColumn={{ sortingField: sort.field }}
        sortingDescending={sort.descending}
        onSortingChange={({ detail }) => setSort({ field: detail.sortingColumn.sortingField as Field, descending: detail.isDescending ?? false })}
        expandableRows={{
          getItemChildren: children,
          isItemExpandable: (row) => row.kind === 'contract' && row.contract.systems.mapped > 0,
          expandedItems: rows.filter((row) => open.ids.includes(row.id)),
          onExpandableItemToggle: ({ detail }) => open.toggle(detail.item.id, detail.expanded),
        }}
        getLoadingStatus={(row) => (row?.kind === 'contract' ? open.systems(row.id).status : 'finished')}
        renderLoaderPending={({ item }) => (
          <Button variant="inline-link" iconName="add-plus" onClick={() => item && open.more(item.id)}>
            {t('contracts.systems.more')}
          </Button>
        )}
        renderLoaderEmpty={() => t('contracts.systems.none')}
        renderLoaderLoading={() => t('app.table.loading')}
        renderLoaderError={({ item }) => (
          <Box>
            {t('contracts.systems.failed')}{' '}
            <Button variant="inline-link" onClick={() => item && open.retry(item.id)}>
              {t('app.problem.retry')}
            </Button>
          </Box>
        )}
        ariaLabels={{
          tableLabel: t('contracts.title'),
          expandButtonLabel: (row) => t('contracts.systems.open', { name: row.kind === 'contract' ? row.contract.name : row.system.name }),
          collapseButtonLabel: (row) => t('contracts.systems.close', { name: row.kind === 'contract' ? row.contract.name : row.system.name }),
        }}
      />
      {leaving && <Disconnect accountId={accountId} row={leaving} close={() => setLeaving(undefined)} />}
    </SpaceBetween>
  )
}

/** Asks before a system is taken off its contract. */
function Disconnect({ accountId, row, close }: { accountId: string; row: Row & { kind: 'system' }; close: () => void }) {
  const t = useText()
  const { say } = useFlash()
  const queries = useQueryClient()
  const named = { system: row.system.name, contract: row.contract.name }
  const confirm = async () => {
    await ask(disconnectSystem({ path: { accountId, contractId: row.contract.id, systemId: row.system.id } }))
    close()
    say({ type: 'success', content: t('contracts.disconnect.done', named) })
    await Promise.all([queries.invalidateQueries({ queryKey: ['contracts', accountId] }), queries.invalidateQueries({ queryKey: ['systems', accountId] })])
  }
  return (
    <Confirm title={t('contracts.disconnect.title')} verb={t('contracts.disconnect')} confirm={confirm} close={close}>
      {t('contracts.disconnect.detail', named)}
    </Confirm>
  )
}
