import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { OrderQuote, Problem } from '../../api/client'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Priced } from '../order/priced'

/** A new price that the API gave in the place of one that does not hold any more. */
export type Offered = { quote: OrderQuote; why: 'quote_changed' | 'quote_expired' }

type Props = {
  quote: OrderQuote
  offered: Offered | undefined
  take: () => void
  back: () => void
  ticked: boolean
  tick: (ticked: boolean) => void
  /** It was submitted without the tick. */
  missing: boolean
  problem: Problem | undefined
  repeat: () => void
}

/** The last step: every price, and the box by which the charges are accepted. */
export function Accept({ quote, offered, take, back, ticked, tick, missing, problem, repeat }: Props) {
  const t = useText()
  const format = useFormat()
  return (
    <SpaceBetween size="m">
      {offered && <NewPrice was={quote} offered={offered} take={take} back={back} />}
      {problem && unknown(problem) && <Unknown repeat={repeat} />}
      {problem && !unknown(problem) && <ProblemAlert problem={problem} />}
      <Priced of={quote} />
      <Container>
        <SpaceBetween size="s">
          <Box>{t('checkout.holds', { until: format.dateTime(quote.expiresAt) })}</Box>
          <FormField errorText={missing && !ticked ? t('checkout.accept.missing') : undefined}>
            <Checkbox checked={ticked} disabled={offered !== undefined} onChange={({ detail }) => tick(detail.checked)}>
              {t('checkout.accept', { amount: format.money(quote.totals.gross) })}
            </Checkbox>
          </FormField>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  )
}

/** Whether the order may have been placed all the same: no answer came, or none of the API's. */
export const unknown = ({ kind }: Problem): boolean => kind === 'network' || kind === 'busy' || kind === 'broken'

function Unknown({ repeat }: { repeat: () => void }) {
  const t = useText()
  return (
    <Alert type="warning" header={t('checkout.unknown')} action={<Button onClick={repeat}>{t('app.problem.retry')}</Button>}>
      <div role="alert">{t('checkout.unknown.detail')}</div>
    </Alert>
  )
}

function NewPrice({ was, offered: { quote, why }, take, back }: { was: OrderQuote; offered: Offered; take: () => void; back: () => void }) {
  const t = useText()
  const format = useFormat()
  const prices = { was: format.money(was.totals.gross), now: format.money(quote.totals.gross) }
  return (
    <Alert
      type="warning"
      header={t(`checkout.${why}`)}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={back}>{t('checkout.newPrice.back')}</Button>
          <Button variant="primary" onClick={take}>
            {t('checkout.newPrice.take')}
          </Button>
        </SpaceBetween>
      }
    >
      <div role="alert">{t('checkout.newPrice', prices)}</div>
      {quote.recurring.map((later) => (
        <div key={`${later.period} ${later.nextBillingDate}`}>
          {t(`cart.later.${later.period}`, { date: format.date(later.nextBillingDate) })} <strong>{format.money(later.gross)}</strong>
        </div>
      ))}
    </Alert>
  )
}
