import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import LineChart from '@cloudscape-design/components/line-chart'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { colorTextBodySecondary } from '@cloudscape-design/design-tokens'
import { problemOf } from '../../api/client'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { changes, useHistory, type Day } from './history'

type Props = { productId: string; name: string; contractId?: string }

/** The chart counts in the reader's zone, so a day begins there; it is written as the civil day that it is. */
const momentOf = (day: string) => new Date(`${day}T00:00:00`)
const dayOf = (moment: Date) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

/** How the use of a product went, as a chart and as figures. */
export default function OverTime({ productId, name, contractId }: Props) {
  const t = useText()
  const { data, error, refetch } = useHistory(productId, contractId)
  if (error) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  const days = data?.days
  return (
    <SpaceBetween size="s">
      {data?.more && <Box color="text-body-secondary">{t('products.history.more')}</Box>}
      <Chart days={days} name={name} />
      {days && days.length > 0 && (
        <ExpandableSection headerText={t('products.history.figures')}>
          <Figures days={days} name={name} />
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

function Chart({ days, name }: { days: Day[] | undefined; name: string }) {
  const t = useText()
  const format = useFormat()
  const shown = days ?? []
  const [first, last] = [shown[0], shown.at(-1)]
  const limits = shown.flatMap(({ date, limit }) => (limit === undefined ? [] : [{ x: momentOf(date), y: limit }]))
  const top = Math.max(4, ...shown.map(({ used, limit = 0 }) => Math.max(used, limit)))
  return (
    <LineChart<Date>
      height={220}
      statusType={days ? 'finished' : 'loading'}
      series={
        first
          ? [
              { type: 'line', title: t('products.history.used'), color: 'var(--brand)', data: shown.map(({ date, used }) => ({ x: momentOf(date), y: used })), valueFormatter: format.number },
              ...(limits.length > 0 ? [{ type: 'line' as const, title: t('products.history.limit'), color: colorTextBodySecondary, data: limits, valueFormatter: format.number }] : []),
            ]
          : []
      }
      xScaleType="time"
      xDomain={first && last && first !== last ? [momentOf(first.date), momentOf(last.date)] : undefined}
      yDomain={[0, Math.ceil(top * 1.1)]}
      xTitle={t('products.history.day')}
      yTitle={t('products.history.seats')}
      hideFilter
      ariaLabel={t('products.history.of', { name })}
      ariaDescription={first && last && t('products.history.summary', { from: format.date(first.date), to: format.date(last.date), first: format.number(first.used), last: format.number(last.used) })}
      i18nStrings={{
        xTickFormatter: (x) => format.shortDate(dayOf(x)),
        // Seats are whole.
        yTickFormatter: (y) => (Number.isInteger(y) ? format.number(y) : ''),
        detailPopoverDismissAriaLabel: t('products.history.close'),
      }}
      empty={<Box color="text-body-secondary">{t('products.history.none')}</Box>}
    />
  )
}

/** The same to be read: each day on which something changed. */
function Figures({ days, name }: { days: Day[]; name: string }) {
  const t = useText()
  const format = useFormat()
  return (
    <Table<Day>
      variant="embedded"
      items={changes(days)}
      trackBy="date"
      ariaLabels={{ tableLabel: t('products.history.figures.label', { name }) }}
      columnDefinitions={[
        { id: 'date', header: t('products.history.day'), isRowHeader: true, cell: ({ date }) => format.date(date) },
        { id: 'used', header: t('products.history.used'), cell: ({ used }) => format.number(used) },
        { id: 'limit', header: t('products.history.limit'), cell: ({ limit }) => (limit === undefined ? t('products.history.noLimit') : format.number(limit)) },
      ]}
    />
  )
}
