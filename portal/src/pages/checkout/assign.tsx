import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { OrderItemWire } from '../../api/client'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { none, sumOf, whole, type Carrier, type Carriers } from './carriers'
import { chosenWell, Picker } from './picker'
import { Split } from './split'

type Props = { items: OrderItemWire[]; carriers: Carriers; change: (carriers: Carriers) => void }

/** The second step: which cost centers carry the seats. A cost center goes to the rows that are selected, or to all. */
export function Assign({ items, carriers, change }: Props) {
  const t = useText()
  const format = useFormat()
  const [selected, setSelected] = useState<OrderItemWire[]>([])
  const [carrier, setCarrier] = useState<Carrier>(none)
  const [splitting, setSplitting] = useState<OrderItemWire>()
  const give = (to: OrderItemWire[]) => {
    change({ ...carriers, ...Object.fromEntries(to.map(({ product }) => [product.id, carrier])) })
    setSelected([])
  }
  const partsOf = ({ product, quantity }: OrderItemWire) => {
    const of = carriers[product.id] ?? none
    return Array.isArray(of) ? of : [{ carrier: of, quantity }]
  }
  return (
    <SpaceBetween size="m">
      <Container>
        <SpaceBetween size="s">
          <Box>{t('checkout.assign.hint')}</Box>
          <div className="part">
            <Picker carrier={carrier} label={t('checkout.carrier')} change={setCarrier} />
            <Button disabled={selected.length === 0 || !chosenWell(carrier)} onClick={() => give(items.filter(({ product }) => selected.some((one) => one.product.id === product.id)))}>
              {t('checkout.assign.selection')}
            </Button>
            <Button disabled={!chosenWell(carrier)} onClick={() => give(items)}>
              {t('checkout.assign.all')}
            </Button>
          </div>
        </SpaceBetween>
      </Container>
      <Table<OrderItemWire>
        wrapLines
        items={items}
        trackBy={({ product }) => product.id}
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        ariaLabels={{
          tableLabel: t('checkout.step.assign'),
          selectionGroupLabel: t('checkout.select'),
          allItemsSelectionLabel: () => t('checkout.select.all'),
          itemSelectionLabel: (_, { product }) => t('checkout.select.of', { product: product.name }),
        }}
        columnDefinitions={[
          { id: 'product', header: t('checkout.column.product'), isRowHeader: true, minWidth: 160, cell: ({ product }) => product.name },
          { id: 'quantity', header: t('checkout.column.quantity'), minWidth: 115, cell: ({ quantity }) => format.number(quantity) },
          {
            id: 'carrier',
            header: t('checkout.column.carrier'),
            minWidth: 200,
            cell: (item) => (
              <>
                <Carried parts={partsOf(item)} />
                {!whole(carriers, item) && <StatusIndicator type="error">{t('checkout.split.sum', { sum: sumOf(partsOf(item)), of: item.quantity })}</StatusIndicator>}
              </>
            ),
          },
          {
            id: 'split',
            header: t('checkout.column.split'),
            minWidth: 110,
            cell: (item) => (
              <Button variant="inline-link" disabled={item.quantity < 2} ariaLabel={t('checkout.split.of', { product: item.product.name })} onClick={() => setSplitting(item)}>
                {t('checkout.split')}
              </Button>
            ),
          },
        ]}
      />
      {splitting && <Split item={splitting} parts={partsOf(splitting)} take={(parts) => change({ ...carriers, [splitting.product.id]: parts })} close={() => setSplitting(undefined)} />}
    </SpaceBetween>
  )
}

function Carried({ parts }: { parts: { carrier: Carrier; quantity: number }[] }) {
  const t = useText()
  const name = (carrier: Carrier) => (carrier.kind === 'known' ? carrier.name : carrier.kind === 'new' ? t('checkout.carrier.toCreate', { name: carrier.name.trim() }) : t('cost-centers.none'))
  if (parts.length === 1) return <div>{parts.map(({ carrier }) => name(carrier))}</div>
  return (
    <ul className="changes">
      {parts.map(({ carrier, quantity }, at) => (
        <li key={at}>{t('checkout.carrier.part', { name: name(carrier), count: quantity })}</li>
      ))}
    </ul>
  )
}
