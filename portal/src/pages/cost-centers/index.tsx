import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, listCostCenters, type CostcenterListOutput, type CostcenterWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { Archive, Create, Reactivate, Rename } from './windows'

const states = ['active', 'archived'] as const
type Doing = { window: 'rename' | 'archive' | 'reactivate'; center: CostcenterWire } | { window: 'create' }

/** What carries the account's seats, and so is charged for them. */
export default function CostCenters() {
  const t = useText()
  const { id: accountId } = useAccount()
  const mayChange = useCan('manage_licences')
  const search = useSearch()
  const [state, setState] = useState<(typeof states)[number]>('active')
  const [doing, setDoing] = useState<Doing>()
  const query = { q: search.asked || undefined, state }
  const page = usePage<CostcenterWire, CostcenterListOutput>(['cost-centers', accountId, query], ({ signal, ...paging }) => ask(listCostCenters({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const close = () => setDoing(undefined)
  const actionsOf = (center: CostcenterWire) => (center.state === 'active' ? (['rename', 'archive'] as const) : (['reactivate'] as const))
  return (
    <>
      <ServerTable<CostcenterWire>
        words={{
          title: t('cost-centers.title'),
          description: t('cost-centers.description'),
          search: t('cost-centers.search'),
          empty: t(`cost-centers.empty.${state}`),
          emptyHint: t(`cost-centers.emptyHint.${state}`),
        }}
        page={page}
        search={search}
        actions={
          mayChange && (
            <Button variant="primary" onClick={() => setDoing({ window: 'create' })}>
              {t('cost-centers.create')}
            </Button>
          )
        }
        filters={
          <SegmentedControl
            label={t('cost-centers.state')}
            selectedId={state}
            onChange={({ detail }) => setState(states.find((known) => known === detail.selectedId) ?? 'active')}
            options={states.map((id) => ({ id, text: t(`cost-centers.state.${id}`) }))}
          />
        }
        trackBy="id"
        columnDefinitions={[
          { id: 'name', header: t('cost-centers.column.name'), isRowHeader: true, minWidth: 170, cell: ({ name }) => name },
          { id: 'pools', header: t('cost-centers.column.pools'), minWidth: 150, cell: ({ pools }) => t('cost-centers.pools', { count: pools }) },
          ...(mayChange
            ? [
                {
                  id: 'actions',
                  header: t('cost-centers.column.actions'),
                  minWidth: 190,
                  cell: (center: CostcenterWire) => (
                    <SpaceBetween size="s" direction="horizontal">
                      {actionsOf(center).map((window) => (
                        <Button key={window} variant="inline-link" onClick={() => setDoing({ window, center })} ariaLabel={t(`cost-centers.${window}.of`, { name: center.name })}>
                          {t(`cost-centers.${window}`)}
                        </Button>
                      ))}
                    </SpaceBetween>
                  ),
                },
              ]
            : []),
        ]}
        ariaLabels={{ tableLabel: t('cost-centers.title') }}
      />
      {doing?.window === 'create' && <Create close={close} />}
      {doing?.window === 'rename' && <Rename center={doing.center} close={close} />}
      {doing?.window === 'archive' && <Archive center={doing.center} close={close} />}
      {doing?.window === 'reactivate' && <Reactivate center={doing.center} close={close} />}
    </>
  )
}
