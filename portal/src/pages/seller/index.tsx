import FormField from '@cloudscape-design/components/form-field'
import Textarea from '@cloudscape-design/components/textarea'
import { ask, ifMatch, problemOf, putSeller } from '../../api/client'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { refused } from '../billing-profile/fields'
import { CompanyForm, said } from '../billing-profile/form'
import { countries } from './countries'
import { useSeller, type Seller } from './read'

/** Who sells, as it stands on orders and invoices. */
export default function SellerPage() {
  const t = useText()
  const { data, error, isPending, refetch } = useSeller()
  if (error && !data) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  if (isPending) return <Waiting />
  if (!data) return null
  return (
    <CompanyForm<Seller>
      read={data}
      readAnew={async () => (await refetch({ throwOnError: true })).data}
      // The first time there is nothing to match.
      put={({ postalCode, taxNumber, email, registration, ...needed }, tag) =>
        ask(putSeller({ ...(tag && { headers: ifMatch(tag) }), body: { ...needed, postalCode: said(postalCode), taxNumber: said(taxNumber), email: said(email), registration: said(registration) } }))
      }
      words={{ title: t('seller.title'), description: t('seller.description'), saved: t('seller.saved'), empty: t('seller.empty'), conflict: t('seller.conflict') }}
      countries={countries}
      mail={{ label: t('seller.email'), detail: t('seller.email.detail') }}
      more={(draft, change, problem) => (
        <FormField label={t('seller.registration')} description={t('seller.registration.detail')} errorText={refused(problem, 'registration')}>
          <Textarea value={draft.registration} rows={2} onChange={({ detail }) => change({ ...draft, registration: detail.value })} />
        </FormField>
      )}
    />
  )
}
