import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { PutProductBody } from '../../api/client'
import { useText } from '../../app/texts'
import { editionsOf } from './editions'
import { minor, type Row } from './prices'

const kinds = ['product', 'add_on', 'optional', 'upgrade'] as const
const categories = ['standard', 'reduced', 'exempt'] as const
const periods = ['monthly', 'yearly'] as const

type Props = { body: PutProductBody; change: (change: Partial<PutProductBody>) => void; editions: string; setEditions: (typed: string) => void; rows: Row[]; setRows: (rows: Row[]) => void }

/** How a product is sold: what it is in the shop, how it is taxed, to accounts of which editions, and its prices by currency, period and number of seats. */
export function Selling({ body, change, editions, setEditions, rows, setRows }: Props) {
  const t = useText()
  const kind = (value: (typeof kinds)[number]) => ({ value, label: t(`catalog.kind.${value}`) })
  const category = (value: (typeof categories)[number]) => ({ value, label: t(`product-catalog.tax.${value}`) })
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={2}>
        <FormField label={t('catalog.kind')} errorText={rows.length > 0 && !body.kind && t('product-catalog.kind.needed')}>
          <Select
            options={kinds.map(kind)}
            selectedOption={body.kind ? kind(body.kind) : null}
            placeholder={t('product-catalog.unsold')}
            onChange={({ detail }) => change({ kind: kinds.find((one) => one === detail.selectedOption.value) })}
            selectedAriaLabel={t('app.selected')}
          />
        </FormField>
        <FormField label={t('product-catalog.tax')}>
          <Select
            options={categories.map(category)}
            selectedOption={category(body.taxCategory ?? 'standard')}
            onChange={({ detail }) => change({ taxCategory: categories.find((one) => one === detail.selectedOption.value) })}
            selectedAriaLabel={t('app.selected')}
          />
        </FormField>
      </ColumnLayout>
      <FormField label={t('product-catalog.editions')} description={t('product-catalog.editions.detail')} errorText={editionsOf(editions) === undefined && t('product-catalog.editions.wrong')}>
        <Input value={editions} spellcheck={false} onChange={({ detail }) => setEditions(detail.value)} />
      </FormField>
      <Prices rows={rows} setRows={setRows} />
    </SpaceBetween>
  )
}

function Prices({ rows, setRows }: Pick<Props, 'rows' | 'setRows'>) {
  const t = useText()
  const set = (at: number, part: Partial<Row>) => setRows(rows.map((row, i) => (i === at ? { ...row, ...part } : row)))
  const period = (value: Row['period']) => ({ value, label: t(`catalog.period.${value}`) })
  const last = rows.at(-1)
  return (
    <FormField label={t('product-catalog.column.prices')} description={t('product-catalog.prices.detail')} stretch>
      <AttributeEditor<Row>
        items={rows}
        addButtonText={t('product-catalog.prices.add')}
        removeButtonText={t('product-catalog.features.remove')}
        removeButtonAriaLabel={({ currency, period: of, from }) => t('product-catalog.prices.remove.of', { currency, period: t(`catalog.period.${of}`), from })}
        empty={t('product-catalog.unsold')}
        onAddButtonClick={() => setRows([...rows, { currency: last?.currency ?? 'EUR', period: last?.period ?? 'monthly', from: last ? '' : '1', price: '' }])}
        onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, i) => i !== detail.itemIndex))}
        definition={[
          { label: t('product-catalog.currency'), control: ({ currency }, at) => <Input value={currency} onChange={({ detail }) => set(at, { currency: detail.value.toUpperCase().trim() })} /> },
          {
            label: t('product-catalog.period'),
            control: ({ period: of }, at) => (
              <Select
                options={periods.map(period)}
                selectedOption={period(of)}
                onChange={({ detail }) => set(at, { period: periods.find((one) => one === detail.selectedOption.value) ?? of })}
                selectedAriaLabel={t('app.selected')}
                expandToViewport
              />
            ),
          },
          { label: t('product-catalog.from'), control: ({ from }, at) => <Input inputMode="numeric" value={from} onChange={({ detail }) => set(at, { from: detail.value })} /> },
          {
            label: t('product-catalog.price'),
            control: ({ price }, at) => <Input inputMode="decimal" value={price} onChange={({ detail }) => set(at, { price: detail.value })} />,
            errorText: ({ price, currency }) => (price.trim() !== '' && minor(price, currency) === undefined ? t('product-catalog.price.wrong') : undefined),
          },
        ]}
      />
    </FormField>
  )
}
