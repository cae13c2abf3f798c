import { useQuery } from '@tanstack/react-query'
import { ask, askWithTag, getBillingProfile, ifMatch, problemOf, putBillingProfile } from '../../api/client'
import { useAccount } from '../../app/account'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { countries } from './countries'
import { CompanyForm, said } from './form'

/** Who is billed, and under which tax number. */
export default function BillingProfile() {
  const t = useText()
  const { id: accountId } = useAccount()
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['billing-profile', accountId], queryFn: ({ signal }) => askWithTag(getBillingProfile({ path: { accountId }, signal })) })
  if (error && !data) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  if (isPending) return <Waiting />
  if (!data) return null
  return (
    <CompanyForm
      key={accountId}
      read={data}
      readAnew={async () => (await refetch({ throwOnError: true })).data}
      put={({ postalCode, taxNumber, email, ...needed }, tag) =>
        ask(putBillingProfile({ path: { accountId }, headers: ifMatch(tag), body: { ...needed, postalCode: said(postalCode), taxNumber: said(taxNumber), email: said(email) } }))
      }
      words={{
        title: t('billing-profile.title'),
        description: t('billing-profile.description'),
        saved: t('billing-profile.saved'),
        empty: t('billing-profile.empty'),
        conflict: t('billing-profile.conflict'),
      }}
      countries={countries}
      mail={{ label: t('billing-profile.email'), detail: t('billing-profile.email.detail') }}
    />
  )
}
