import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import { useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { useCostCenterNames } from '../cost-centers/names'
import type { Line } from './line'
import { Split } from './split'

type Pool = Line['pools'][number]

/** Which cost centers carry the line's seats. Whoever manages licences splits them anew. */
export function Pools({ line }: { line: Line }) {
  const t = useText()
  const format = useFormat()
  const maySplit = useCan('manage_licences') && line.usage.limit !== undefined
  const [splitting, setSplitting] = useState(false)
  const waits = line.pools.some(({ pendingRemoval = 0 }) => pendingRemoval > 0)
  const nameOf = useCostCenterNames(line.pools.flatMap(({ costCenterId }) => costCenterId ?? []))
  if (!maySplit && line.pools.every(({ costCenterId }) => !costCenterId)) return null
  return (
    <>
      <Table
        variant="container"
        wrapLines
        items={line.pools}
        trackBy={({ costCenterId }) => costCenterId ?? ''}
        header={
          <Header variant="h2" actions={maySplit && <Button onClick={() => setSplitting(true)}>{t('product.split')}</Button>}>
            {t('product.pools')}
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: t('product.column.costCenter'), isRowHeader: true, minWidth: 170, cell: ({ costCenterId }) => (costCenterId ? nameOf(costCenterId) : <Box color="text-body-secondary">{t('product.pool.none')}</Box>) },
          { id: 'purchased', header: t('product.column.purchased'), minWidth: 110, cell: ({ purchased }) => format.number(purchased) },
          { id: 'used', header: t('product.column.used'), minWidth: 110, cell: ({ used }) => format.number(used) },
          ...(waits ? [{ id: 'pending', header: t('product.column.pending'), minWidth: 130, cell: ({ pendingRemoval = 0 }: Pool) => format.number(pendingRemoval) }] : []),
          { id: 'available', header: t('product.column.available'), minWidth: 110, cell: ({ available }) => format.number(available) },
        ]}
        ariaLabels={{ tableLabel: t('product.pools') }}
      />
      {splitting && <Split line={line} close={() => setSplitting(false)} />}
    </>
  )
}
