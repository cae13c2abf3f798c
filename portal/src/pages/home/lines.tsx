import Box from '@cloudscape-design/components/box'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useState } from 'react'
import { ask, listUsage, type ContractUsageOutput, type ContractUsageWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Contact } from '../../app/contact'
import { useFormat } from '../../app/format'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { State, Used } from './usage'

const states = ['attention', 'over_limit', 'full', 'warning', 'not_set'] as const
type Asked = (typeof states)[number]

/** Lines of this page at once: the page is to be taken in at a glance. */
const pageSize = 8

/** The lines where something is to be done, and whom to ask for it. */
export function Lines() {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const [state, setState] = useState<Asked>('attention')
  const page = usePage<ContractUsageWire, ContractUsageOutput>(['usage', accountId, { state, pageSize }], ({ signal, pageToken }) =>
    ask(listUsage({ path: { accountId }, query: { state, pageSize, pageToken }, signal })),
  )
  const banners = page.answer?.banners ?? []
  const count = (asked: Asked) => banners.reduce((sum, banner) => sum + (asked === 'attention' || asked === banner.code ? banner.count : 0), 0)
  const contact = banners[0]?.contact
  const label = (id: Asked) => (banners.length > 0 ? t('home.filter.count', { name: t(`home.filter.${id}`), count: format.number(count(id)) }) : t(`home.filter.${id}`))
  return (
    <ServerTable<ContractUsageWire>
      headingLevel="h2"
      words={{ title: t('home.lines'), description: t('home.lines.detail'), empty: t('home.lines.none'), emptyHint: t('home.lines.noneHint') }}
      page={page}
      filtered={state !== 'attention'}
      clearFilters={() => setState('attention')}
      filters={<SegmentedControl label={t('home.filter')} selectedId={state} onChange={({ detail }) => setState(detail.selectedId as Asked)} options={states.map((id) => ({ id, text: label(id) }))} />}
      trackBy={(line) => `${line.contractId} ${line.product.id}`}
      columnDefinitions={[
        {
          id: 'line',
          header: t('home.column.line'),
          isRowHeader: true,
          minWidth: 200,
          cell: ({ product, contractName }) => (
            <div>
              <Box variant="strong">{product.name}</Box>
              <Box variant="small" display="block">
                {contractName}
              </Box>
            </div>
          ),
        },
        { id: 'used', header: t('home.column.used'), minWidth: 220, cell: ({ usage, product }) => <Used usage={usage} name={product.name} t={t} format={format} /> },
        { id: 'state', header: t('home.column.state'), minWidth: 150, cell: ({ usage }) => <State state={usage.state} t={t} /> },
      ]}
      footer={
        (contact || page.answer?.truncated) && (
          <>
            {page.answer?.truncated && <Box>{t('home.lines.more')}</Box>}
            {contact && <Contact contact={contact} />}
          </>
        )
      }
    />
  )
}
