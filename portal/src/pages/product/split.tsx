import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ask, splitLine } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useCostCenterNames } from '../cost-centers/names'
import { useCostCenterOptions } from '../cost-centers/options'
import { useSeatsChanged, type Line } from './line'

type Part = { costCenterId: string; name?: string; text: string; used: number; pending?: number }

/** What of a part is not free: somebody sits on it, or it waits to be removed. */
const held = ({ used, pending = 0 }: Part) => used + pending

/** What the parts leave to no cost center, and whether they can be taken: whole numbers, none below what is not free, no more than the limit. */
export function sumOf(parts: Part[], limit: number): { rest: number; wrong: (part: Part) => boolean; good: boolean } {
  const wrong = (part: Part) => !/^\d{1,7}$/.test(part.text) || Number(part.text) < held(part)
  const rest = limit - parts.reduce((sum, { text }) => sum + (/^\d+$/.test(text) ? Number(text) : 0), 0)
  return { rest, wrong, good: rest >= 0 && !parts.some(wrong) }
}

/** Splits a line's seats over cost centers. What no cost center is given is carried by none. */
export function Split({ line, close }: { line: Line; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useSeatsChanged(accountId)
  const [parts, setParts] = useState<Part[]>(() => line.pools.flatMap(({ costCenterId, purchased, used, pendingRemoval: pending }) => (costCenterId ? [{ costCenterId, text: String(purchased), used, pending }] : [])))
  const nameOf = useCostCenterNames(parts.filter(({ name }) => !name).map(({ costCenterId }) => costCenterId))
  const { rest, wrong, good } = sumOf(parts, line.usage.limit ?? 0)
  const set = (id: string, change: Partial<Part>) => setParts((before) => before.map((part) => (part.costCenterId === id ? { ...part, ...change } : part)))
  const confirm = async () => {
    const pools = parts.map(({ costCenterId, text }) => ({ costCenterId, purchased: Number(text) })).filter(({ purchased }) => purchased > 0)
    try {
      await ask(splitLine({ path: { accountId, contractId: line.contract.id, productId: line.product.id }, body: { pools } }))
      close()
      say({ type: 'success', content: t('product.split.done', { product: line.product.name }) })
    } finally {
      await changed()
    }
  }
  return (
    <Confirm title={t('product.split.title', { product: line.product.name })} verb={t('product.split.verb')} disabled={!good} confirm={confirm} close={close}>
      <div>{t('product.split.detail', { limit: line.usage.limit ?? 0 })}</div>
      {parts.map((part) => (
        <FormField
          key={part.costCenterId}
          label={part.name ?? nameOf(part.costCenterId)}
          constraintText={part.pending ? t('product.split.held', { used: part.used, pending: part.pending }) : t('product.split.used', { count: part.used })}
          errorText={wrong(part) && t('product.split.wrong', { held: held(part) })}
        >
          <Input value={part.text} inputMode="numeric" onChange={({ detail }) => set(part.costCenterId, { text: detail.value.trim() })} />
        </FormField>
      ))}
      <Further taken={parts.map(({ costCenterId }) => costCenterId)} add={(costCenterId, name) => setParts((before) => [...before, { costCenterId, name, text: '0', used: 0 }])} />
      <div role="status">
        <StatusIndicator type={rest < 0 ? 'error' : 'success'}>{t(rest < 0 ? 'product.split.tooMany' : 'product.split.rest', { count: Math.abs(rest) })}</StatusIndicator>
      </div>
    </Confirm>
  )
}

function Further({ taken, add }: { taken: string[]; add: (costCenterId: string, name: string) => void }) {
  const t = useText()
  const options = useCostCenterOptions()
  return (
    <FormField label={t('product.split.add')}>
      <Select
        {...options}
        options={options.options.filter(({ value }) => value !== 'none' && !taken.includes(value))}
        selectedOption={null}
        placeholder={t('product.split.choose')}
        onChange={({ detail }) => add(detail.selectedOption.value ?? '', detail.selectedOption.label ?? '')}
      />
    </FormField>
  )
}
