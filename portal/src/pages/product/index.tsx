import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useParams } from 'react-router'
import { Problem, problemOf } from '../../api/client'
import { useAccount, useCan, useContact } from '../../app/account'
import { Contact } from '../../app/contact'
import { usePageName } from '../../app/frame'
import { useFormat } from '../../app/format'
import { NotFound } from '../../app/notices'
import { ProblemAlert } from '../../app/problem-alert'
import { Waiting } from '../../app/routes'
import { useText } from '../../app/texts'
import { Usage, UsageState } from '../products/usage'
import { UseOverTime } from '../products/use-over-time'
import { AddUsers } from './add'
import { pausedBy, useLine, type Line } from './line'
import { Pools } from './pools'
import { Seats } from './seats'

/** A product on a contract: how much of it is used, and by whom. */
export default function Product() {
  const { id: accountId } = useAccount()
  const { contractId = '', productId = '' } = useParams()
  const { data: line, error, isPending, refetch } = useLine(accountId, contractId, productId)
  if (error && !(error instanceof Problem && error.kind === 'missing')) return <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />
  if (isPending) return <Waiting />
  return line ? <Shown line={line} /> : <NotFound />
}

function Shown({ line }: { line: Line }) {
  const t = useText()
  const format = useFormat()
  const mayAdd = useCan('manage_users')
  const [adding, setAdding] = useState(false)
  const { contract, product, usage, pendingRemoval = 0 } = line
  const paused = pausedBy(line)
  usePageName(product.name)
  return (
    <SpaceBetween size="m">
      <Banner line={line} />
      <Container
        header={
          <Header
            variant="h1"
            description={contract.name}
            actions={
              mayAdd && (
                <Button variant="primary" onClick={() => setAdding(true)} disabled={paused !== undefined} disabledReason={paused && t(`product.paused.${paused}`)}>
                  {t('product.add')}
                </Button>
              )
            }
          >
            {product.name}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: t('product.usage'), value: <Usage usage={usage} label={product.name} large /> },
            { label: t('product.state'), value: <UsageState state={usage.state} /> },
            { label: t(`product.expiry.${contract.status}`), value: format.date(contract.expiryDate) },
            ...(pendingRemoval > 0 ? [{ label: t('product.pending'), value: t('product.pendingSeats', { count: pendingRemoval }) }] : []),
          ]}
        />
      </Container>
      <Pools line={line} />
      <Container
        header={
          <Header variant="h2" description={t('products.history.detail')}>
            {t('products.history')}
          </Header>
        }
      >
        <UseOverTime productId={product.id} name={product.name} contractId={contract.id} />
      </Container>
      <Seats line={line} />
      {adding && <AddUsers line={line} close={() => setAdding(false)} />}
    </SpaceBetween>
  )
}

/** At 80 % a warning; from 100 % on the reason why nobody can be added, and whom to ask. */
function Banner({ line }: { line: Line }) {
  const t = useText()
  const contact = useContact()
  const paused = pausedBy(line)
  if (paused) {
    return (
      <Alert type={paused === 'over_limit' || paused === 'not_set' ? 'error' : 'warning'} header={t('product.paused')}>
        {t(`product.paused.${paused}`)}
        <Contact contact={contact} />
      </Alert>
    )
  }
  if (line.usage.state !== 'warning') return null
  return (
    <Alert type="warning" header={t('product.warning')}>
      {t('product.warning.detail', { count: line.usage.available })}
      <Contact contact={contact} />
    </Alert>
  )
}
