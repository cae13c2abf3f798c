import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import type { ContractPoolWire } from '../../api/client'
import { useText } from '../../app/texts'
import { useCostCenterNames } from '../cost-centers/names'

type Props = { pools: ContractPoolWire[]; chosen: string | undefined; choose: (costCenterId: string | undefined) => void }

/** Whose licences are taken. Nothing to choose where no cost center carries any. */
export function PoolSelect({ pools, chosen, choose }: Props) {
  const t = useText()
  const nameOf = useCostCenterNames(pools.flatMap(({ costCenterId }) => costCenterId ?? []))
  if (pools.every(({ costCenterId }) => !costCenterId)) return null
  const best = { value: '', label: t('product.pool.best') }
  const options = pools.map(({ costCenterId, available }) => ({
    value: costCenterId ?? 'none',
    label: costCenterId ? nameOf(costCenterId) : t('product.pool.none'),
    description: t('product.pool.available', { count: Math.max(available, 0) }),
    disabled: available <= 0,
  }))
  return (
    <FormField label={t('product.pool')}>
      <Select selectedOption={options.find(({ value }) => value === chosen) ?? best} options={[best, ...options]} onChange={({ detail }) => choose(detail.selectedOption.value || undefined)} selectedAriaLabel={t('app.selected')} expandToViewport />
    </FormField>
  )
}
