import Select, { type SelectProps } from '@cloudscape-design/components/select'
import type { ContractProduct } from '../../api/client'
import { useText } from '../../app/texts'
import { useProducts } from './products'

type Props = { chosen: ContractProduct | undefined; choose: (product: ContractProduct | undefined) => void }

/** One of the account's products, or all of them. */
export function ProductFilter({ chosen, choose }: Props) {
  const t = useText()
  const { query, products } = useProducts()
  if (chosen) products.set(chosen.id, chosen)
  const all: SelectProps.Option = { value: '', label: t('products.filter.everyProduct') }
  const option = ({ id, name }: ContractProduct): SelectProps.Option => ({ value: id, label: name })
  return (
    <Select
      ariaLabel={t('products.filter.product')}
      selectedOption={chosen ? option(chosen) : all}
      onChange={({ detail }) => choose(products.get(detail.selectedOption.value ?? ''))}
      options={[all, ...[...products.values()].map(option)]}
      filteringType={products.size > 8 ? 'auto' : 'none'}
      filteringAriaLabel={t('products.filter.product')}
      selectedAriaLabel={t('app.selected')}
      statusType={query.isError ? 'error' : query.isFetching ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
      loadingText={t('app.table.loading')}
      errorText={t('products.filter.failed')}
      recoveryText={t('app.problem.retry')}
      onLoadItems={({ detail }) => {
        if (query.isError) void query.refetch()
        else if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
      }}
      expandToViewport
    />
  )
}
