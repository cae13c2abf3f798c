import Button from '@cloudscape-design/components/button'
import Box from '@cloudscape-design/components/box'
import Modal from '@cloudscape-design/components/modal'
import { ask, listProductVersions, type CatalogVersionWire, type CatalogWire } from '../../api/client'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { ServerTable } from '../../app/server-table'
import { useLanguage, useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { Prices } from './sold'

/** How a product was and is sold, newest first; who changed it is in the vendor's activity. */
export function Versions({ product: { id: productId, name }, close }: { product: Pick<CatalogWire, 'id' | 'name'>; close: () => void }) {
  const t = useText()
  const format = useFormat()
  const { language } = useLanguage()
  const page = usePage<CatalogVersionWire>(['catalog', 'versions', productId], ({ signal, ...paging }) => ask(listProductVersions({ path: { productId }, query: paging, signal })))
  return (
    <Modal
      visible
      size="large"
      header={t('product-catalog.versions.of', { name: name[language] })}
      onDismiss={close}
      footer={
        <Box float="right">
          <Button onClick={close}>{t('product-catalog.versions.close')}</Button>
        </Box>
      }
    >
      <ServerTable<CatalogVersionWire>
        headingLevel="h3"
        variant="embedded"
        words={{ title: t('product-catalog.versions'), description: t('product-catalog.versions.detail'), empty: t('product-catalog.versions.none') }}
        actions={<Link href={`/activity?subject=${encodeURIComponent(productId)}`}>{t('product-catalog.versions.who')}</Link>}
        page={page}
        trackBy="version"
        columnDefinitions={[
          { id: 'version', header: t('product-catalog.version'), isRowHeader: true, minWidth: 80, cell: ({ version }) => format.number(version) },
          { id: 'at', header: t('product-catalog.version.at'), minWidth: 150, cell: ({ at }) => format.dateTime(at) },
          { id: 'kind', header: t('catalog.kind'), minWidth: 120, cell: ({ kind }) => kind && t(`catalog.kind.${kind}`) },
          { id: 'prices', header: t('product-catalog.column.prices'), minWidth: 220, cell: (version) => <Prices of={version} t={t} format={format} /> },
        ]}
      />
    </Modal>
  )
}
