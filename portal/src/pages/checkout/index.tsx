import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Wizard from '@cloudscape-design/components/wizard'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ask, idempotencyKey, placeOrder, problemOf, quoteCart, type OrderCartWire, type OrderQuote, type Problem } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFollow } from '../../app/link'
import { accountPath } from '../../app/page'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { orderable } from '../cart/cart'
import { useCart, type Cart } from '../cart/use-cart'
import { Accept, type Offered } from './accept'
import { Assign } from './assign'
import { quoteBody, whole, type Carriers } from './carriers'
import { Review } from './review'
import './checkout.css'

/** From a cart to an order: review, cost centers, price and confirmation. */
export default function Checkout() {
  const t = useText()
  const follow = useFollow()
  const { id: accountId } = useAccount()
  const cart = useCart()
  const [placing, setPlacing] = useState(false)
  if (cart.problem) return <ProblemAlert problem={cart.problem} retry={cart.retry} />
  if (!cart.cart) return <Spinner size="large" />
  if (cart.cart.items.length > 0 || placing) return <Steps cart={cart} items={cart.cart} placing={setPlacing} />
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{t('checkout.title')}</Header>
      <Box>{t('checkout.nothing')}</Box>
      <Button href={accountPath(accountId, 'catalog')} onFollow={follow}>
        {t('checkout.catalog')}
      </Button>
    </SpaceBetween>
  )
}

type Given = { cart: Cart; items: OrderCartWire; placing: (placing: boolean) => void }

function Steps({ cart, items, placing }: Given) {
  const t = useText()
  const navigate = useNavigate()
  const { id: accountId } = useAccount()
  const [step, setStep] = useState(0)
  const [carriers, setCarriers] = useState<Carriers>({})
  const [quote, setQuote] = useState<OrderQuote>()
  const [quoting, setQuoting] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const order = useOrder(accountId, placing)
  const split = items.items.every((item) => whole(carriers, item))
  const price = async () => {
    setQuoting(true)
    setProblem(undefined)
    try {
      setQuote(await ask(quoteCart({ path: { accountId }, body: quoteBody(carriers, items.items) })))
      order.forget()
      setStep(2)
    } catch (error) {
      setProblem(problemOf(error))
      setStep(1)
    } finally {
      setQuoting(false)
    }
  }
  // Steps that were seen can be jumped to from any other: who asks for one and cannot have it is taken to the one that says why.
  const go = (to: number) => {
    if (quoting || order.busy) return
    if (to > 0 && !orderable(items)) setStep(0)
    else if (to < 2) setStep(to)
    else if (split) void price()
    else setStep(1)
  }
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => go(detail.requestedStepIndex)}
      onCancel={() => void navigate(accountPath(accountId, 'catalog'))}
      onSubmit={() => quote && void order.place(quote)}
      isLoadingNextStep={quoting || order.busy}
      submitButtonText={t('checkout.submit')}
      i18nStrings={{
        stepNumberLabel: (nth) => t('checkout.nth', { nth }),
        collapsedStepsLabel: (nth, of) => t('checkout.nthOf', { nth, of }),
        navigationAriaLabel: t('checkout.steps'),
        cancelButton: t('app.cancel'),
        previousButton: t('checkout.previous'),
        nextButton: t('checkout.next'),
      }}
      steps={[
        {
          title: t('checkout.step.review'),
          description: t('checkout.step.review.detail'),
          errorText: orderable(items) ? undefined : t('cart.notYet'),
          content: <Review cart={items} put={cart.put} remove={cart.remove} />,
        },
        {
          title: t('checkout.step.assign'),
          description: t('checkout.step.assign.detail'),
          errorText: split ? undefined : t('checkout.split.wrong'),
          content: (
            <SpaceBetween size="m">
              {problem && <ProblemAlert problem={problem} />}
              <Assign items={items.items} carriers={carriers} change={setCarriers} />
            </SpaceBetween>
          ),
        },
        {
          title: t('checkout.step.confirm'),
          description: t('checkout.step.confirm.detail'),
          content: quote && (
            <Accept
              quote={quote}
              offered={order.offered}
              take={() => {
                setQuote(order.offered?.quote)
                order.forget()
              }}
              back={() => {
                order.forget()
                cart.retry()
                setStep(0)
              }}
              ticked={order.ticked}
              tick={order.tick}
              missing={order.missing}
              problem={order.problem}
              repeat={() => void order.place(quote)}
            />
          ),
        },
      ]}
    />
  )
}

/** Places an order. A repeat of one whose answer was lost has the same key, so that there is one order whatever happened. */
function useOrder(accountId: string, placing: (placing: boolean) => void) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const key = useKey()
  const [busy, setBusy] = useState(false)
  const [ticked, tick] = useState(false)
  const [missing, setMissing] = useState(false)
  const [offered, setOffered] = useState<Offered>()
  const [problem, setProblem] = useState<Problem>()
  const done = async (orderId: string) => {
    placing(true)
    await navigate(accountPath(accountId, 'orders', orderId), { replace: true, state: { placed: true } })
    await Promise.all(['cart', 'orders', 'usage', 'contracts', 'services', 'cost-centers'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId] })))
  }
  const place = async (quote: OrderQuote) => {
    if (busy || offered) return
    setMissing(!ticked)
    if (!ticked) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { id } = await ask(
        placeOrder({ path: { accountId }, headers: idempotencyKey(key.of(quote.id)), body: { quoteId: quote.id, confirmedCharges: true, currency: quote.currency } }),
      )
      await done(id)
    } catch (error) {
      key.refused(error)
      const refused = problemOf(error)
      const { quote: anew, orderId } = refused.members as { quote?: OrderQuote; orderId?: string }
      if (refused.code === 'quote_ordered' && orderId) await done(orderId)
      else if (anew && (refused.code === 'quote_changed' || refused.code === 'quote_expired')) setOffered({ quote: anew, why: refused.code })
      else setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const forget = () => {
    tick(false)
    setMissing(false)
    setOffered(undefined)
    setProblem(undefined)
  }
  return { place, busy, ticked, tick, missing, offered, problem, forget }
}
