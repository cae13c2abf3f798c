import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import { useAccount, useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { useText } from '../../app/texts'
import { useCostCenterNames } from '../cost-centers/names'
import { useFeatureNames } from '../product/line'
import { useNamesOf } from '../products/products'
import { AddProducts } from './add-products'
import type { Person } from './person'
import { RemoveProducts } from './remove-products'

/** The seats that a person holds, at most 40. */
export function Held({ person }: { person: Person }) {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const mayChange = useCan('manage_users')
  const name = useNamesOf(person, person.seats)
  const featureName = useFeatureNames(accountId, person.seats)
  const named = (productId: string, feature: string) => {
    const said = featureName(productId, feature)
    return said === '' ? t('user.feature.gone', { feature }) : (said ?? feature)
  }
  const centerName = useCostCenterNames(person.seats.flatMap(({ costCenterId }) => costCenterId ?? []))
  const [window, setWindow] = useState<'add' | 'remove'>()
  return (
    <>
      <Table
        variant="container"
        wrapLines
        items={person.seats}
        trackBy="productId"
        header={
          <Header
            variant="h2"
            actions={
              mayChange && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={() => setWindow('remove')} disabled={person.seats.length === 0}>
                    {t('user.removeProducts')}
                  </Button>
                  <Button variant="primary" onClick={() => setWindow('add')} disabled={person.state !== 'active'} disabledReason={person.state === 'deactivated' ? t('user.addProducts.deactivated') : undefined}>
                    {t('user.addProducts')}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            {t('user.seats')}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'product',
            header: t('user.column.product'),
            isRowHeader: true,
            minWidth: 190,
            cell: ({ productId, contractId }) => (
              <div>
                <Link href={accountPath(accountId, 'products', contractId, productId)}>{name.product(productId)}</Link>
                <Box variant="small" display="block">
                  {name.contract(contractId)}
                </Box>
              </div>
            ),
          },
          { id: 'costCenter', header: t('user.column.costCenter'), minWidth: 140, cell: ({ costCenterId }) => costCenterId && centerName(costCenterId) },
          { id: 'features', header: t('user.column.features'), minWidth: 140, cell: ({ productId, features }) => features.length > 0 && format.list(features.map((feature) => named(productId, feature))) },
        ]}
        empty={
          <Box variant="strong" textAlign="center" color="inherit">
            {t('user.seats.empty')}
          </Box>
        }
        ariaLabels={{ tableLabel: t('user.seats') }}
      />
      {window === 'add' && <AddProducts person={person} close={() => setWindow(undefined)} />}
      {window === 'remove' && <RemoveProducts person={person} close={() => setWindow(undefined)} />}
    </>
  )
}
