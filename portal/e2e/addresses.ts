import { pages } from '../src/pages/routes'
import { accountId, accounts, call, type Persona } from './portal'

/** A page of the portal as somebody who may see it opens it. */
export type Address = { name: string; path: string; persona: Persona }

type Item = { id: string; contractId: string; product: { id: string }; user?: { id: string } }

async function first(persona: Persona, path: string): Promise<Item> {
  const { items } = await call<{ items: Item[] }>(persona, 'GET', path)
  if (!items[0]) throw new Error(`nothing at ${path}`)
  return items[0]
}

/** An order of the account, and something in the buyer's cart beside it. */
async function bought(account: string): Promise<string> {
  const inside = `/v1/accounts/${account}`
  const contracts = await call<{ items: { id: string; name: string }[] }>('super-admin', 'GET', `${inside}/contracts?q=York`)
  const put = () => call('super-admin', 'PUT', `${inside}/cart/items/meetings-pro`, { quantity: 4, period: 'monthly', contractId: contracts.items[0]?.id })
  const there = await call<{ items: Item[] }>('super-admin', 'GET', `${inside}/orders`)
  if (!there.items[0]) {
    await put()
    const quote = await call<{ id: string; currency: string }>('super-admin', 'POST', `${inside}/cart/quote`, {})
    await call('super-admin', 'POST', `${inside}/orders`, { quoteId: quote.id, confirmedCharges: true, currency: quote.currency })
  }
  await put()
  return (there.items[0] ?? (await first('super-admin', `${inside}/orders`))).id
}

/**
 * Every page of pages/routes.ts, so that none can be left out. What a path names is looked up in the account: a new parameter
 * without a line here is an error.
 */
export async function addresses(account: string): Promise<Address[]> {
  const seat = await first('super-admin', `/v1/accounts/${account}/seats?state=assigned`)
  // Where a partner orders, nobody else does.
  const buys = await accountId(accounts.english)
  const order = await bought(buys)
  const parameters: Record<string, () => Promise<string | undefined>> = {
    contractId: async () => seat.contractId,
    productId: async () => seat.product.id,
    userId: async () => seat.user?.id,
    orderId: async () => order,
    partnerId: async () => (await first('operator', '/v1/partners')).id,
  }
  const filled = async (path: string) => {
    let whole = path
    for (const [said, name] of path.matchAll(/:(\w+)/g)) {
      const value = await parameters[name ?? '']?.()
      if (!value) throw new Error(`${path}: nothing is known for ${said}`)
      whole = whole.replace(said, encodeURIComponent(value))
    }
    return whole
  }
  return Promise.all(
    pages.map(async ({ name, path, needs }) => {
      const whole = await filled(path)
      if (needs === 'operator' || needs === 'partner') return { name, path: `/${whole}`, persona: needs }
      return { name, path: `/accounts/${name === 'order' || name === 'checkout' ? buys : account}/${whole}`, persona: needs === 'manage_terms' ? 'operator' : 'super-admin' } as const
    }),
  )
}
