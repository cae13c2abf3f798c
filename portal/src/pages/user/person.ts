import { useQuery } from '@tanstack/react-query'
import { ask, askWithTag, getUser, listPermissionSets } from '../../api/client'

/** A person with what they hold, and the tag by which a change is held to what was read. */
export const usePerson = (accountId: string, userId: string) =>
  useQuery({
    queryKey: ['users', accountId, 'one', userId],
    queryFn: async ({ signal }) => {
      const { data, tag } = await askWithTag(getUser({ path: { accountId, userId }, signal }))
      return { ...data, tag }
    },
  })

export type Person = NonNullable<ReturnType<typeof usePerson>['data']>

/** The names of permission sets. */
export function useSetNames(accountId: string, wanted: boolean): (id: string) => string {
  const { data } = useQuery({
    queryKey: ['permission-sets', accountId, 'all'],
    queryFn: ({ signal }) => ask(listPermissionSets({ path: { accountId }, signal })),
    enabled: wanted,
  })
  return (id) => data?.items.find((set) => set.id === id)?.name ?? id
}
