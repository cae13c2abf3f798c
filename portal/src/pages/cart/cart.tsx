import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { problemOf, type OrderCartWire, type OrderItemWire, type Problem } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFormat } from '../../app/format'
import { accountPath } from '../../app/page'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Quantity } from './quantity'
import type { Cart } from './use-cart'
import './cart.css'

/** What stands in the way of ordering a cart: it is empty, or something in it cannot be bought. */
export const orderable = (cart: OrderCartWire): boolean => cart.items.length > 0 && !cart.problem && cart.items.every(({ problem }) => !problem)

/** The cart at the side of the catalog: what is in it, what it costs now and later on, and the way to the checkout. */
export function CartPanel({ cart: { cart, problem, retry, put, remove, empty } }: { cart: Cart }) {
  const t = useText()
  const format = useFormat()
  const navigate = useNavigate()
  const { id: accountId } = useAccount()
  const [refused, setRefused] = useState<Problem>()
  const [emptying, setEmptying] = useState(false)
  const act = async (change: Promise<void>) => {
    setRefused(undefined)
    await change.catch((error: unknown) => setRefused(problemOf(error)))
  }
  const count = cart?.items.length ?? 0
  return (
    <Container
      header={
        <Header variant="h2" counter={cart && `(${format.number(count)})`} actions={count > 0 && <Button onClick={() => setEmptying(true)}>{t('cart.empty')}</Button>}>
          {t('cart.title')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {problem && <ProblemAlert problem={problem} retry={retry} />}
        {refused && <ProblemAlert problem={refused} />}
        {!cart && !problem && <Spinner />}
        {cart && count === 0 && <Box color="text-body-secondary">{t('cart.none')}</Box>}
        {cart?.problem && <Alert type="warning">{cart.problem.detail}</Alert>}
        {cart && count > 0 && (
          <SpaceBetween size="m">
            <ul className="cart">
              {cart.items.map((item) => (
                <Item key={item.product.id} item={item} put={(quantity) => void act(put({ productId: item.product.id, quantity }))} remove={() => void act(remove(item.product.id))} />
              ))}
            </ul>
            <Totals cart={cart} />
            <Button variant="primary" fullWidth disabled={!orderable(cart)} disabledReason={t('cart.notYet')} onClick={() => void navigate(accountPath(accountId, 'checkout'))}>
              {t('cart.checkout')}
            </Button>
          </SpaceBetween>
        )}
      </SpaceBetween>
      {emptying && (
        <Confirm
          title={t('cart.empty.title')}
          verb={t('cart.empty')}
          close={() => setEmptying(false)}
          confirm={async () => {
            await empty()
            setEmptying(false)
          }}
        >
          {t('cart.empty.detail')}
        </Confirm>
      )}
    </Container>
  )
}

function Item({ item, put, remove }: { item: OrderItemWire; put: (quantity: number) => void; remove: () => void }) {
  const t = useText()
  const format = useFormat()
  const { product, contractName, period, quantity, price, problem } = item
  return (
    <li>
      <div className="cart-name">
        <strong>{product.name}</strong>
        <Button variant="icon" iconName="remove" ariaLabel={t('cart.remove', { product: product.name })} onClick={remove} />
      </div>
      <Box variant="small" display="block">
        {[contractName, t(`cart.period.${period}`)].filter(Boolean).join(' · ')}
      </Box>
      <div className="cart-sum">
        <Quantity value={quantity} label={t('cart.quantity', { product: product.name })} change={put} />
        {price && (
          <div className="cart-price">
            <strong>{format.money(price.net)}</strong>
            <Box variant="small" display="block">
              {price.nextBillingDate ? t(`cart.each.${period}`, { amount: format.money(price.recurring) }) : t('cart.ends', { date: format.date(price.until) })}
            </Box>
          </div>
        )}
      </div>
      {problem && <StatusIndicator type="warning">{problem.detail}</StatusIndicator>}
    </li>
  )
}

/** What is to be paid now, and what comes again. */
export function Totals({ cart }: { cart: Pick<OrderCartWire, 'totals' | 'recurring'> }) {
  const t = useText()
  const format = useFormat()
  const { totals, recurring } = cart
  return (
    <dl className="totals">
      <div>
        <dt>{t('cart.net')}</dt>
        <dd>{format.money(totals.net)}</dd>
      </div>
      {totals.taxes.map((tax) => (
        <div key={`${tax.basisPoints} ${tax.reason}`}>
          <dt>{tax.reason === 'standard' ? t('cart.tax', { rate: format.number(tax.basisPoints / 100) }) : t(`cart.tax.${tax.reason}`)}</dt>
          <dd>{format.money(tax.amount)}</dd>
        </div>
      ))}
      <div className="totals-due">
        <dt>{t('cart.gross')}</dt>
        <dd>{format.money(totals.gross)}</dd>
      </div>
      {recurring.map((later) => (
        <div key={`${later.period} ${later.nextBillingDate}`} className="totals-later">
          <dt>{t(`cart.later.${later.period}`, { date: format.date(later.nextBillingDate) })}</dt>
          <dd>{format.money(later.gross)}</dd>
        </div>
      ))}
    </dl>
  )
}
