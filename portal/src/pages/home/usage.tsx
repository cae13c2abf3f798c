import ProgressBar from '@cloudscape-design/components/progress-bar'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ContractUsage } from '../../api/client'
import type { Format } from '../../app/format'
import type { Text } from '../../app/texts'

const signs: Record<ContractUsage['state'], StatusIndicatorProps.Type> = { ok: 'success', warning: 'warning', full: 'error', over_limit: 'error', not_set: 'pending' }

export function State({ state, t }: { state: ContractUsage['state']; t: Text }) {
  return <StatusIndicator type={signs[state]}>{t(`home.state.${state}`)}</StatusIndicator>
}

/** Used of the limit, as figures and as a bar. A line without a limit has no bar. */
export function Used({ usage, name, t, format }: { usage: ContractUsage; name: string; t: Text; format: Format }) {
  if (usage.limit === undefined) return t('home.used.alone', { used: usage.used })
  const percent = usage.percent ?? 0
  return (
    <ProgressBar
      variant="standalone"
      value={Math.min(percent, 100)}
      ariaLabel={t('home.used.of', { name })}
      description={t('home.used', { used: format.number(usage.used), limit: format.number(usage.limit) })}
      additionalInfo={usage.state === 'over_limit' ? t('home.used.over', { count: -usage.available }) : undefined}
    />
  )
}
