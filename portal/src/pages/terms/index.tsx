import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { askWithTag, getContract, problemOf } from '../../api/client'
import { useAccount } from '../../app/account'
import { usePageName } from '../../app/frame'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { TermsForm } from './form'

/** The terms of one contract. */
export default function Terms() {
  const t = useText()
  const { id: accountId } = useAccount()
  const { contractId = '' } = useParams()
  // Read once: what is typed is not to change under the reader's hands. Saving says when it is stale.
  const { data, error, refetch } = useQuery({
    queryKey: ['terms', accountId, contractId],
    queryFn: ({ signal }) => askWithTag(getContract({ path: { accountId, contractId }, signal })),
    staleTime: Infinity,
    gcTime: 0,
  })
  usePageName(data?.data.name)
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={data ? t('terms.description', { crmId: data.data.crmId }) : undefined}>
        {data?.data.name ?? t('terms.title')}
      </Header>
      {error && <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />}
      {!data && !error && <Spinner size="large" />}
      {data && <TermsForm key={data.data.id} first={data.data} firstTag={data.tag} />}
    </SpaceBetween>
  )
}
