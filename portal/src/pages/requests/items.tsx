import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask, listOffers } from '../../api/client'
import { useAccount } from '../../app/account'
import { useText } from '../../app/texts'
import { useProducts } from '../products/products'

/** A product and how many seats more, as typed. */
export type Item = { product: string; contract: string | undefined; quantity: string }

const most = 20

export const whole = ({ product, quantity }: Item): boolean => product !== '' && /^[1-9]\d{0,6}$/.test(quantity)

/** The products that are asked for. */
export function Items({ items, change }: { items: Item[]; change: (items: Item[]) => void }) {
  const t = useText()
  const set = (at: number, part: Partial<Item>) => change(items.map((item, i) => (i === at ? { ...item, ...part } : item)))
  return (
    <SpaceBetween size="s">
      {items.map((item, at) => (
        <One key={at} item={item} others={items.filter((_, i) => i !== at).map(({ product }) => product)} change={(part) => set(at, part)} remove={items.length > 1 ? () => change(items.filter((_, i) => i !== at)) : undefined} />
      ))}
      <Button iconName="add-plus" disabled={items.length >= most} onClick={() => change([...items, { product: '', contract: undefined, quantity: '' }])}>
        {t('requests.items.add')}
      </Button>
    </SpaceBetween>
  )
}

function One({ item, others, change, remove }: { item: Item; others: string[]; change: (part: Partial<Item>) => void; remove: (() => void) | undefined }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { products, contracts } = useProducts()
  const query = useInfiniteQuery({
    queryKey: ['catalog', accountId, 'names'],
    queryFn: ({ pageParam, signal }) => ask(listOffers({ path: { accountId }, query: { pageSize: 200, pageToken: pageParam }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageToken,
    staleTime: 60_000,
  })
  const options = (query.data?.pages ?? []).flatMap(({ items }) => items).map(({ productId, name }) => ({ value: productId, label: name, disabled: others.includes(productId) }))
  const chosen = options.find(({ value }) => value === item.product) ?? (item.product === '' ? null : { value: item.product, label: products.get(item.product)?.name ?? item.product })
  const contract = item.contract && contracts.get(item.contract)
  return (
    <div className="items">
      <div className="choice">
        <FormField label={t('requests.items.product')} constraintText={contract && t('requests.items.contract', { contract })}>
          <Select
            selectedOption={chosen}
            options={options}
            placeholder={t('requests.items.choose')}
            // Of another product it is another contract, which the rules of the cart find.
            onChange={({ detail }) => change({ product: detail.selectedOption.value ?? '', contract: undefined })}
            filteringType="auto"
            filteringAriaLabel={t('requests.items.find')}
            filteringPlaceholder={t('requests.items.find')}
            selectedAriaLabel={t('app.selected')}
            statusType={query.isError ? 'error' : query.isFetching ? 'loading' : query.hasNextPage ? 'pending' : 'finished'}
            loadingText={t('app.table.loading')}
            errorText={t('requests.items.failed')}
            recoveryText={t('app.problem.retry')}
            empty={t('app.table.noMatch')}
            onLoadItems={({ detail }) => {
              if (query.isError) void query.refetch()
              else if (!detail.firstPage && query.hasNextPage) void query.fetchNextPage()
            }}
            expandToViewport
          />
        </FormField>
      </div>
      <FormField label={t('requests.items.quantity')} errorText={item.quantity !== '' && !/^[1-9]\d{0,6}$/.test(item.quantity) && t('requests.items.wrong')}>
        <Input type="number" inputMode="numeric" step={1} value={item.quantity} onChange={({ detail }) => change({ quantity: detail.value })} />
      </FormField>
      {remove && (
        <Button variant="inline-link" onClick={remove}>
          {t('requests.items.remove')}
        </Button>
      )}
    </div>
  )
}
