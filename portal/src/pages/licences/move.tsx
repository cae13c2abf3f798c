import FormField from '@cloudscape-design/components/form-field'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import { useState } from 'react'
import { ask, moveSeat, type SeatWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useCostCenterOptions } from '../cost-centers/options'
import { useSeatsChanged } from '../product/line'

/** Puts somebody's licence under another cost center. */
export function Move({ seat, close }: { seat: SeatWire; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useSeatsChanged(accountId)
  const [chosen, setChosen] = useState<SelectProps.Option | null>(null)
  const { product, contractId, user, costCenter } = seat
  const named = { user: user?.name ?? '', product: product.name }
  const options = useCostCenterOptions()
  const here = costCenter?.id ?? 'none'
  const confirm = async () => {
    const costCenterId = chosen?.value === 'none' ? null : (chosen?.value ?? null)
    await ask(moveSeat({ path: { accountId, contractId, productId: product.id, userId: user?.id ?? '' }, body: { costCenterId } }))
    close()
    say({ type: 'success', content: t('licences.moved', { ...named, costCenter: chosen?.label ?? '' }) })
    await changed()
  }
  return (
    <Confirm title={t('licences.move.title')} verb={t('licences.move')} disabled={chosen === null} confirm={confirm} close={close}>
      <div>{t('licences.move.detail', named)}</div>
      <FormField label={t('licences.move.to')} description={costCenter ? t('licences.move.from', { costCenter: costCenter.name }) : t('licences.move.fromNone')}>
        <Select {...options} options={options.options.filter(({ value }) => value !== here)} selectedOption={chosen} onChange={({ detail }) => setChosen(detail.selectedOption)} placeholder={t('licences.move.choose')} />
      </FormField>
    </Confirm>
  )
}
