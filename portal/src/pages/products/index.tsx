import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, listUsage, type ContractProduct, type ContractUsageBanner, type ContractUsageOutput, type ContractUsageWire, type ListUsageData } from '../../api/client'
import { useAccount } from '../../app/account'
import { Contact } from '../../app/contact'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { ProductFilter } from './product-filter'
import { Usage, UsageState } from './usage'

type State = 'all' | NonNullable<NonNullable<ListUsageData['query']>['state']>
const filters: State[] = ['all', 'attention', 'warning', 'full', 'over_limit', 'not_set']

/** Every product that the account has seats of, contract by contract, with how much of it is used. */
export default function Products() {
  const t = useText()
  const { id: accountId } = useAccount()
  const [state, setState] = useState<State>('all')
  const [product, setProduct] = useState<ContractProduct>()
  const query = { state: state === 'all' ? undefined : state, productId: product?.id }
  const page = usePage<ContractUsageWire, ContractUsageOutput>(['usage', accountId, query], ({ signal, ...paging }) => ask(listUsage({ path: { accountId }, query: { ...query, ...paging }, signal })))
  const option = (value: State) => ({ value, label: t(`products.filter.${value}`) })
  return (
    <SpaceBetween size="m">
      {page.answer && (page.answer.banners.length > 0 || page.answer.truncated) && <Banners banners={page.answer.banners} truncated={page.answer.truncated} />}
      <ServerTable<ContractUsageWire>
        words={{ title: t('products.title'), description: t('products.description'), empty: t('products.empty'), emptyHint: t('products.emptyHint') }}
        page={page}
        filtered={state !== 'all' || product !== undefined}
        clearFilters={() => {
          setState('all')
          setProduct(undefined)
        }}
        filters={
          <>
            <ProductFilter chosen={product} choose={setProduct} />
            <Select
              ariaLabel={t('products.filter.state')}
              selectedOption={option(state)}
              options={filters.map(option)}
              onChange={({ detail }) => setState(detail.selectedOption.value as State)}
              selectedAriaLabel={t('app.selected')}
              expandToViewport
            />
          </>
        }
        trackBy={({ contractId, product: { id } }) => `${contractId} ${id}`}
        columnDefinitions={[
          { id: 'product', header: t('products.column.product'), isRowHeader: true, minWidth: 200, cell: (line) => <Line line={line} accountId={accountId} /> },
          { id: 'usage', header: t('products.column.usage'), minWidth: 210, cell: ({ usage, product: { name } }) => <Usage usage={usage} label={name} /> },
          { id: 'state', header: t('products.column.state'), minWidth: 160, cell: ({ usage, status }) => (status === 'expired' ? <Box color="text-body-secondary">{t('products.state.expired')}</Box> : <UsageState state={usage.state} />) },
        ]}
        ariaLabels={{ tableLabel: t('products.title') }}
      />
    </SpaceBetween>
  )
}

/** Everything that needs attention, and whom to ask, once: it is the same for all of them. Truncated: there may be more. */
function Banners({ banners, truncated }: { banners: ContractUsageBanner[]; truncated?: boolean }) {
  const t = useText()
  const severe = banners.some(({ code }) => code === 'over_limit' || code === 'not_set')
  return (
    <Alert type={severe ? 'error' : 'warning'} header={t('products.attention')}>
      <ul>
        {banners.map(({ code, detail }) => (
          <li key={code}>{detail}</li>
        ))}
        {truncated && <li>{t('products.attention.more')}</li>}
      </ul>
      {banners[0] && <Contact contact={banners[0].contact} />}
    </Alert>
  )
}

function Line({ line: { product, contractId, contractName }, accountId }: { line: ContractUsageWire; accountId: string }) {
  return (
    <div>
      <Link href={accountPath(accountId, 'products', contractId, product.id)} fontSize="inherit">
        {product.name}
      </Link>
      <Box variant="small" display="block">
        {contractName}
      </Box>
    </div>
  )
}
