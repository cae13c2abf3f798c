import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, idempotencyKey, removeLicences, type RemovalBilled, type RemovalReviewWire, type RemovalService, type RemoveLicencesBody } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useServicesChanged } from '.'

type Period = NonNullable<RemoveLicencesBody['period']>
/** What is typed, by cost center; `none` for what none carries. */
type Typed = Record<string, string>
type Part = RemovalService['removableByCostCenter'][number]

const poolOf = ({ costCenterId }: Part) => costCenterId ?? 'none'

/** What is wrong with a quantity, if something is. Nothing typed is none of them. */
function wrong(typed: string, most: number): 'number' | 'most' | undefined {
  if (typed === '') return undefined
  if (!/^\d+$/.test(typed)) return 'number'
  return Number(typed) > most ? 'most' : undefined
}

/** The way of a removal: how many of each cost center, then what it saves from when, then it is done. */
export function Removal({ service, close }: { service: RemovalService; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useServicesChanged(accountId)
  const [typed, setTyped] = useState<Typed>({})
  const { billed } = service
  const [period, setPeriod] = useState<Period | undefined>(billed.length === 1 ? billed[0]?.period : undefined)
  const [review, setReview] = useState<RemovalReviewWire>()
  const { product, contractId, contractName } = service
  const { removable, removableByCostCenter: parts } = billed.find((kind) => kind.period === period) ?? service
  const count = parts.reduce((sum, part) => sum + (Number(typed[poolOf(part)]) || 0), 0)
  const ready = period !== undefined && count > 0 && count <= removable && parts.every((part) => !wrong(typed[poolOf(part)] ?? '', part.quantity))
  const quantities = parts.map((part) => ({ costCenterId: part.costCenterId, quantity: Number(typed[poolOf(part)]) || 0 })).filter(({ quantity }) => quantity > 0)
  const body: RemoveLicencesBody = { contractId, productId: product.id, period, quantities }

  const look = async () => setReview(await ask(removeLicences({ path: { accountId }, body })))
  const remove = async () => {
    try {
      await ask(removeLicences({ path: { accountId }, headers: idempotencyKey(key.of(body)), body: { ...body, confirm: true } }))
    } catch (error) {
      key.refused(error)
      throw error
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('services.remove.done', { count, product: product.name, contract: contractName }) })
    close()
  }
  const named = { product: product.name, contract: contractName }
  if (!review) {
    return (
      <Confirm key="choose" title={t('services.remove.title', named)} verb={t('services.remove.review')} disabled={!ready} confirm={look} close={close}>
        <Box>{t('services.remove.choose', { ...named, count: removable })}</Box>
        {billed.length > 1 && <BilledBy billed={billed} period={period} choose={setPeriod} />}
        <Quantities parts={parts} typed={typed} type={setTyped} />
        {count > removable && <Box color="text-status-error">{t('services.remove.together', { count: removable })}</Box>}
      </Confirm>
    )
  }
  return (
    <Confirm key="review" title={t('services.remove.confirm', { ...named, count })} verb={t('services.remove.verb', { count })} confirm={remove} close={close}>
      <Review review={review} />
      <Button variant="inline-link" iconName="angle-left" onClick={() => setReview(undefined)}>
        {t('services.remove.back')}
      </Button>
    </Confirm>
  )
}

function Quantities({ parts, typed, type }: { parts: Part[]; typed: Typed; type: (typed: Typed) => void }) {
  const t = useText()
  return (
    <SpaceBetween size="s">
      {parts.map((part) => {
        const pool = poolOf(part)
        const is = wrong(typed[pool] ?? '', part.quantity)
        return (
          <FormField
            key={pool}
            label={part.costCenterId ? (part.costCenterName ?? part.costCenterId) : t(parts.length === 1 ? 'services.remove.quantity' : 'services.remove.noCostCenter')}
            constraintText={t('services.remove.most', { count: part.quantity })}
            errorText={is && t(`services.remove.wrong.${is}`, { count: part.quantity })}
          >
            <Input type="number" inputMode="numeric" step={1} value={typed[pool] ?? ''} onChange={({ detail }) => type({ ...typed, [pool]: detail.value })} />
          </FormField>
        )
      })}
    </SpaceBetween>
  )
}

/** Where a service has seats of both kinds, the day of the removal depends on which are meant. */
function BilledBy({ billed, period, choose }: { billed: RemovalBilled[]; period: Period | undefined; choose: (period: Period) => void }) {
  const t = useText()
  const options = billed.map((kind) => ({ value: kind.period, label: t(`services.period.${kind.period}`), description: t('services.period.removable', { count: kind.removable }), disabled: kind.removable === 0 }))
  return (
    <FormField label={t('services.period')} description={t('services.period.detail')}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === period) ?? null}
        onChange={({ detail }) => choose(detail.selectedOption.value as Period)}
        placeholder={t('services.period.choose')}
        selectedAriaLabel={t('app.selected')}
        expandToViewport
      />
    </FormField>
  )
}

function Review({ review }: { review: RemovalReviewWire }) {
  const t = useText()
  const format = useFormat()
  const { quantity, quantities, effectiveDate, saves, unitPrice, period, usage } = review
  const carried = quantities.map(({ costCenterName, costCenterId, quantity }) => t('services.review.part', { name: costCenterName ?? costCenterId ?? t('services.remove.noCostCenter'), count: quantity }))
  return (
    <SpaceBetween size="m">
      <Box>{t('services.review.rule', { day: format.date(effectiveDate) })}</Box>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t('services.review.quantity'), value: format.number(quantity) },
          { label: t('services.review.from'), value: format.date(effectiveDate) },
          { label: t('services.review.saves'), value: saves ? t(`services.recurring.${period}`, { amount: format.money(saves) }) : t('services.review.unknown') },
          { label: t('services.review.unit'), value: unitPrice ? format.money(unitPrice) : t('services.review.unknown') },
          { label: t('services.review.left'), value: format.number(usage.available) },
          ...(quantities.some(({ costCenterId }) => costCenterId) ? [{ label: t('services.review.carried'), value: format.list(carried) }] : []),
        ]}
      />
    </SpaceBetween>
  )
}
