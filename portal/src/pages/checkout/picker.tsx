import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { useText } from '../../app/texts'
import { useCostCenterOptions } from '../cost-centers/options'
import type { Carrier } from './carriers'

const anew = 'new'

/** Chooses a cost center: one that is there, a new one by its name, or none. */
export function Picker({ carrier, label, change }: { carrier: Carrier; label: string; change: (carrier: Carrier) => void }) {
  const t = useText()
  const found = useCostCenterOptions()
  const toCreate = { value: anew, label: t('checkout.carrier.new') }
  const chosen = carrier.kind === 'known' ? { value: carrier.id, label: carrier.name } : carrier.kind === 'new' ? toCreate : { value: 'none', label: t('cost-centers.none') }
  return (
    <div className="picker">
      <Select
        {...found}
        options={[toCreate, ...found.options]}
        ariaLabel={label}
        selectedOption={chosen}
        onChange={({ detail: { selectedOption } }) => {
          const { value = 'none', label: name = '' } = selectedOption
          change(value === 'none' ? { kind: 'none' } : value === anew ? { kind: 'new', name: '' } : { kind: 'known', id: value, name })
        }}
      />
      {carrier.kind === 'new' && (
        <Input
          value={carrier.name}
          placeholder={t('checkout.carrier.name')}
          ariaLabel={t('checkout.carrier.nameOf', { label })}
          onChange={({ detail }) => change({ kind: 'new', name: detail.value.slice(0, 100) })}
        />
      )}
    </div>
  )
}

/** Whether a choice is made: a new cost center has a name. */
export const chosenWell = (carrier: Carrier): boolean => carrier.kind !== 'new' || carrier.name.trim() !== ''
