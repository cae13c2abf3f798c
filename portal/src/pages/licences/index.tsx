import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useMemo, useState } from 'react'
import { ask, listSeats, type ContractProduct, type SeatListOutput, type SeatWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { useSearch } from '../../app/use-search'
import { useCostCenterOptions } from '../cost-centers/options'
import { RemoveAccess } from '../product/seats'
import { ProductFilter } from '../products/product-filter'
import { Assign } from './assign'
import { columns, type Action } from './columns'
import { Move } from './move'

const states = ['all', 'assigned', 'available'] as const

/** Every licence: who has it, or that it is available. */
export default function Licences() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const search = useSearch()
  const [product, setProduct] = useState<ContractProduct>()
  const [state, setState] = useState<(typeof states)[number]>('all')
  const [centers, setCenters] = useState<readonly MultiselectProps.Option[]>([])
  const [doing, setDoing] = useState<{ action: Action; seat: SeatWire }>()
  const query = {
    q: search.asked || undefined,
    productId: product?.id,
    state: state === 'all' ? undefined : state,
    costCenterId: centers.length > 0 ? centers.map(({ value }) => value ?? '') : undefined,
  }
  const page = usePage<SeatWire, SeatListOutput>(['seats', accountId, query], ({ signal, ...paging }) => ask(listSeats({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const definitions = useMemo(() => columns({ t, format, accountId, act: (action, seat) => setDoing({ action, seat }) }), [t, format, accountId])
  const close = () => setDoing(undefined)
  return (
    <>
      <ServerTable<SeatWire>
        words={{ title: t('licences.title'), description: t('licences.description'), search: t('licences.search'), empty: t('licences.empty'), emptyHint: t('licences.emptyHint') }}
        page={page}
        search={search}
        filtered={product !== undefined || state !== 'all' || centers.length > 0}
        clearFilters={() => {
          setProduct(undefined)
          setState('all')
          setCenters([])
        }}
        filters={
          <>
            <ProductFilter chosen={product} choose={setProduct} />
            <CostCenterFilter chosen={centers} choose={setCenters} />
            <SegmentedControl
              label={t('licences.state')}
              selectedId={state}
              onChange={({ detail }) => setState(states.find((known) => known === detail.selectedId) ?? 'all')}
              options={states.map((id) => ({ id, text: t(`licences.state.${id}`) }))}
            />
          </>
        }
        trackBy={keyOf}
        columnDefinitions={definitions}
        ariaLabels={{ tableLabel: t('licences.title') }}
      />
      {doing?.action === 'unassign' && <RemoveAccess seat={doing.seat} close={close} title={t('licences.unassign.title')} verb={t('licences.unassign')} />}
      {doing?.action === 'assign' && <Assign seat={doing.seat} close={close} />}
      {doing?.action === 'move' && <Move seat={doing.seat} close={close} />}
    </>
  )
}

// A seat is one user's of a product; available ones are one row for a line and a cost center.
const keyOf = ({ product, contractId, user, costCenter }: SeatWire) => [product.id, user?.id ?? `${contractId} ${costCenter?.id ?? ''}`].join(' ')

function CostCenterFilter({ chosen, choose }: { chosen: readonly MultiselectProps.Option[]; choose: (options: readonly MultiselectProps.Option[]) => void }) {
  const t = useText()
  const options = useCostCenterOptions()
  return (
    <Multiselect
      {...options}
      ariaLabel={t('licences.costCenters')}
      placeholder={chosen.length > 0 ? t('licences.costCenters.chosen', { count: chosen.length }) : t('licences.costCenters')}
      selectedOptions={chosen}
      onChange={({ detail }) => choose(detail.selectedOptions)}
      deselectAriaLabel={({ label }) => t('licences.costCenters.drop', { name: label ?? '' })}
    />
  )
}
