import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Input from '@cloudscape-design/components/input'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { problemOf, type CatalogOffered, type CatalogOfferedPrice, type Problem } from '../../api/client'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { wholeOf } from '../cart/quantity'
import type { Cart } from '../cart/use-cart'
import { Ask } from './ask'

type Given = { offer: CatalogOffered; cart: Cart | undefined; called: (code: string) => string }

/** A product as it is sold: its prices, what goes with it, and how to have it or why not. */
export function Offer({ offer, cart, called }: Given) {
  const t = useText()
  const format = useFormat()
  const has = cart?.cart?.items.find(({ product }) => product.id === offer.productId)
  return (
    <SpaceBetween size="s">
      {offer.prices.length > 0 && (
        <div className="offer-prices">
          {offer.prices.map((price) => (
            <Price key={price.period} price={price} currency={offer.currency} />
          ))}
        </div>
      )}
      {offer.dependsOn.length > 0 && <Box variant="small">{t('catalog.needs', { products: format.list(offer.dependsOn.map(called)) })}</Box>}
      {offer.excludes.length > 0 && <Box variant="small">{t('catalog.excludes', { products: format.list(offer.excludes.map(called)) })}</Box>}
      {!offer.buyable && offer.reason !== 'partner_managed' && <StatusIndicator type="info">{offer.detail ?? t('catalog.notSold')}</StatusIndicator>}
      {cart?.cart && has && <StatusIndicator type="success">{t('catalog.inCart', { count: has.quantity })}</StatusIndicator>}
      {cart?.cart && !has && available(offer) && <Add offer={offer} cart={cart} />}
      {(!cart || !available(offer)) && <Ask product={{ id: offer.productId, name: offer.name }} />}
    </SpaceBetween>
  )
}

/** What needs another product may be put beside it: whether the cart brings that along is said by the cart. */
const available = ({ buyable, reason, prices }: CatalogOffered) => prices.length > 0 && (buyable || reason === 'dependency_missing')

/** What a seat costs in a period, tier by tier. */
function Price({ price: { period, tiers }, currency }: { price: CatalogOfferedPrice; currency: string }) {
  const t = useText()
  const format = useFormat()
  return (
    <table className="tiers">
      <caption>{t(`catalog.price.${period}`)}</caption>
      <tbody>
        {tiers.map(({ from, amount }) => (
          <tr key={from}>
            <th scope="row">{t('catalog.from', { count: from, figure: format.number(from) })}</th>
            <td>{format.money({ amount, currency })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Choice = { id: string; name: string }

/** Puts seats into the cart. Where several contracts could take them, the API says which, and the buyer chooses. */
function Add({ offer, cart }: { offer: CatalogOffered; cart: Cart }) {
  const t = useText()
  const [text, setText] = useState('1')
  const [period, setPeriod] = useState(offer.prices[0]?.period ?? 'monthly')
  const [choices, setChoices] = useState<Choice[]>([])
  const [contract, setContract] = useState<Choice>()
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const quantity = wholeOf(text)
  const add = async () => {
    if (quantity === undefined) return
    setBusy(true)
    setProblem(undefined)
    try {
      await cart.put({ productId: offer.productId, quantity, period, contractId: contract?.id })
    } catch (error) {
      const refused = problemOf(error)
      const offered = refused.code === 'contract_needed' ? (refused.members.contracts as Choice[] | undefined) : undefined
      if (offered) setChoices(offered)
      else setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const periods = offer.prices.map(({ period: value }) => ({ value, label: t(`catalog.period.${value}`) }))
  return (
    <SpaceBetween size="xs">
      {problem && <ProblemAlert problem={problem} />}
      {choices.length > 0 && (
        <FormField label={t('catalog.contract')} description={t('catalog.contract.hint')}>
          <Select
            ariaLabel={t('catalog.contract.of', { product: offer.name })}
            placeholder={t('catalog.contract.choose')}
            selectedOption={contract ? { value: contract.id, label: contract.name } : null}
            options={choices.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={({ detail }) => setContract(choices.find(({ id }) => id === detail.selectedOption.value))}
            filteringType={choices.length > 8 ? 'auto' : 'none'}
            filteringAriaLabel={t('catalog.contract.choose')}
            empty={t('app.table.noMatch')}
            selectedAriaLabel={t('app.selected')}
            expandToViewport
          />
        </FormField>
      )}
      <div className="add">
        <div className="seats">
          <Input
            type="number"
            inputMode="numeric"
            value={text}
            invalid={quantity === undefined}
            ariaLabel={t('catalog.quantity', { product: offer.name })}
            onChange={({ detail }) => setText(detail.value)}
            onKeyDown={({ detail }) => detail.key === 'Enter' && void add()}
          />
        </div>
        {periods.length > 1 && (
          <Select
            ariaLabel={t('catalog.period.of', { product: offer.name })}
            selectedOption={periods.find(({ value }) => value === period) ?? null}
            options={periods}
            onChange={({ detail }) => setPeriod(detail.selectedOption.value as typeof period)}
            selectedAriaLabel={t('app.selected')}
            expandToViewport
          />
        )}
        <Button onClick={() => void add()} loading={busy} disabled={quantity === undefined || (choices.length > 0 && !contract)} ariaLabel={t('catalog.add.of', { product: offer.name })}>
          {t('catalog.add')}
        </Button>
      </div>
    </SpaceBetween>
  )
}
