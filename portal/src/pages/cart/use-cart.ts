import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, getCart, putCartItem, removeCartItem, emptyCart, problemOf, type OrderCartWire, type Problem } from '../../api/client'
import { useAccount, useCan } from '../../app/account'

export type Wish = { productId: string; quantity: number; period?: 'monthly' | 'yearly'; contractId?: string }

export type Cart = {
  /** As it is known; undefined while it is read, and for who may not buy. */
  cart: OrderCartWire | undefined
  problem: Problem | undefined
  retry: () => void
  /** Puts so many seats of a product into the cart, in the place of what it has of it. */
  put: (wish: Wish) => Promise<void>
  remove: (productId: string) => Promise<void>
  empty: () => Promise<void>
}

// Changes go one after another, so that the answer that comes last is that of the last change.
let last: Promise<unknown> = Promise.resolve()

function after<T>(change: () => Promise<T>): Promise<T> {
  const done = last.then(change, change)
  last = done.catch(() => undefined)
  return done
}

/** The reader's own cart in this account. It is the server's: it is the same after signing in again, and on another machine. */
export function useCart(enabled = true): Cart {
  const { id: accountId } = useAccount()
  const buys = useCan('manage_licences')
  const queries = useQueryClient()
  const queryKey = ['cart', accountId]
  const query = useQuery({ queryKey, queryFn: ({ signal }) => ask(getCart({ path: { accountId }, signal })), enabled: enabled && buys })
  // An answer that was on its way before a change must not be shown after it.
  const change = (act: () => Promise<OrderCartWire>) =>
    after(async () => {
      await queries.cancelQueries({ queryKey })
      try {
        queries.setQueryData(queryKey, await act())
      } catch (error) {
        void queries.invalidateQueries({ queryKey })
        throw error
      }
    })
  return {
    cart: query.data,
    problem: query.error ? problemOf(query.error) : undefined,
    retry: () => void query.refetch(),
    put: ({ productId, ...body }) => change(() => ask(putCartItem({ path: { accountId, productId }, body }))),
    remove: (productId) => change(() => ask(removeCartItem({ path: { accountId, productId } }))),
    empty: () =>
      change(async () => {
        await ask(emptyCart({ path: { accountId } }))
        return ask(getCart({ path: { accountId } }))
      }),
  }
}
