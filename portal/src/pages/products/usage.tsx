import Box from '@cloudscape-design/components/box'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ContractUsage } from '../../api/client'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import './usage.css'

export const states = ['ok', 'warning', 'full', 'over_limit', 'not_set'] as const

const types: Record<ContractUsage['state'], StatusIndicatorProps.Type> = { ok: 'success', warning: 'warning', full: 'warning', over_limit: 'error', not_set: 'error' }

/** How a line stands, in a word. */
export function UsageState({ state }: { state: ContractUsage['state'] }) {
  const t = useText()
  return <StatusIndicator type={types[state]}>{t(`products.state.${state}`)}</StatusIndicator>
}

/** Used of how many, what is left, and the bar. A line without a limit has no bar to fill. */
export function Usage({ usage, label, large }: { usage: ContractUsage; label: string; large?: boolean }) {
  const t = useText()
  const format = useFormat()
  const { limit, used, available, percent = 0, state } = usage
  if (limit === undefined) return <Box>{t('products.used', { count: used, used: format.number(used) })}</Box>
  const over = available < 0
  return (
    <div className={`use ${state}${large ? ' large' : ''}`}>
      <div className="figures">
        <strong>{t('products.usedOf', { count: used, used: format.number(used), limit: format.number(limit) })}</strong>
        <span>{t(over ? 'products.over' : 'products.available', { count: Math.abs(available) })}</span>
      </div>
      <progress max={100} value={Math.min(percent, 100)} aria-label={t('products.bar', { name: label, percent: format.percent(percent) })} />
    </div>
  )
}
