import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, listProducts, type CatalogPrice, type CatalogWire } from '../../api/client'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useLanguage, useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { SellerMissing } from '../seller/missing'
import { Edit } from './edit'
import { Prices } from './sold'
import { Versions } from './versions'

/** A product, with how it is sold where it is. */
type Sold = CatalogWire & { prices?: CatalogPrice[] }

export default function Catalog() {
  const t = useText()
  const format = useFormat()
  const { language } = useLanguage()
  const [editing, setEditing] = useState<string | null>()
  const [history, setHistory] = useState<Sold>()
  const page = usePage<Sold>(['catalog'], ({ signal, ...paging }) => ask(listProducts({ query: paging, signal })))
  // A product of another page of the list keeps its code.
  const called = (code: string) => page.items.find(({ id }) => id === code)?.name[language] ?? code
  const rules = ({ dependsOn, excludes }: Sold) => [...dependsOn.map((code) => t('product-catalog.needs', { code: called(code) })), ...excludes.map((code) => t('product-catalog.without', { code: called(code) }))]
  return (
    <>
      <SellerMissing />
      <ServerTable<Sold>
        words={{ title: t('product-catalog.title'), description: t('product-catalog.description'), empty: t('product-catalog.empty') }}
        page={page}
        trackBy="id"
        actions={
          <Button variant="primary" onClick={() => setEditing(null)}>
            {t('product-catalog.add')}
          </Button>
        }
        columnDefinitions={[
          {
            id: 'name',
            header: t('product-catalog.column.name'),
            isRowHeader: true,
            minWidth: 190,
            cell: ({ id, name, derived }) => (
              <div>
                <Box variant="strong">{name[language]}</Box> {derived && <Badge>{t('product-catalog.derived')}</Badge>}
                <Box variant="small" display="block">
                  {id}
                </Box>
              </div>
            ),
          },
          { id: 'features', header: t('product-catalog.column.features'), minWidth: 130, cell: ({ features }) => format.list(features.map(({ name }) => name[language])) },
          { id: 'rules', header: t('product-catalog.column.rules'), minWidth: 160, cell: (product) => rules(product).map((rule) => <div key={rule}>{rule}</div>) },
          { id: 'prices', header: t('product-catalog.column.prices'), minWidth: 260, cell: (product) => <Prices of={product} t={t} format={format} /> },
          {
            id: 'change',
            header: t('product-catalog.column.actions'),
            minWidth: 110,
            cell: (product) => (
              <SpaceBetween size="xxs">
                <Button variant="inline-link" onClick={() => setEditing(product.id)} ariaLabel={t('product-catalog.change.of', { name: product.name[language] })}>
                  {t('product-catalog.change')}
                </Button>
                <Button variant="inline-link" onClick={() => setHistory(product)} ariaLabel={t('product-catalog.versions.of', { name: product.name[language] })}>
                  {t('product-catalog.versions')}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {editing !== undefined && <Edit productId={editing} close={() => setEditing(undefined)} />}
      {history && <Versions product={history} close={() => setHistory(undefined)} />}
    </>
  )
}
