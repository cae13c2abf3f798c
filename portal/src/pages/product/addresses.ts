import { ask, listUsers, type UserWire } from '../../api/client'

/** Addresses that are looked up at once. */
export const mostAddresses = 200

// So that many addresses do not hold up everything else that the reader does.
const atOnce = 6

export type Found = { users: UserWire[]; missing: string[]; inactive: string[] }

/** The addresses of a text, each once, whatever stands between them: commas, lines, names, angle brackets. */
export function addressesIn(text: string): string[] {
  const words = text.split(/[\s,;<>()"']+/).map((word) => word.replace(/^mailto:/i, '').replace(/\.+$/, '').toLowerCase())
  return [...new Set(words.filter((word) => /^[^@]+@[^@]+$/.test(word)))]
}

/** Who has these addresses in the account, and which nobody has. */
export async function lookUp(accountId: string, addresses: string[]): Promise<Found> {
  const found: Found = { users: [], missing: [], inactive: [] }
  const one = async (address: string) => {
    const { items } = await ask(listUsers({ path: { accountId }, query: { q: address, pageSize: 10 } }))
    return items.find(({ email }) => email.toLowerCase() === address)
  }
  for (let from = 0; from < addresses.length; from += atOnce) {
    const some = addresses.slice(from, from + atOnce)
    const users = await Promise.all(some.map(one))
    users.forEach((user, i) => {
      if (!user) found.missing.push(some[i] ?? '')
      else if (user.state === 'deactivated') found.inactive.push(user.email)
      else found.users.push(user)
    })
  }
  return found
}
