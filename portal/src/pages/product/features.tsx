import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useText } from '../../app/texts'
import type { Feature } from './line'

/** A box per optional feature of a product; nothing where it has none. */
export function Features({ known, on, set, label }: { known: Feature[]; on: string[]; set: (features: string[]) => void; label?: string }) {
  const t = useText()
  if (known.length === 0) return null
  return (
    <FormField label={label ?? t('product.features')}>
      <SpaceBetween size="xxs">
        {known.map(({ id, name }) => (
          <Checkbox key={id} checked={on.includes(id)} onChange={({ detail }) => set(detail.checked ? [...on, id] : on.filter((one) => one !== id))}>
            {name}
          </Checkbox>
        ))}
      </SpaceBetween>
    </FormField>
  )
}
