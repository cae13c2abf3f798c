import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ask, listServices, withdrawRemoval, type AccountContact, type ContractProduct, type RemovalService, type RemovalServicesOutput, type RemovalWaiting } from '../../api/client'
import { useAccount, useCan, useContact } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { Contact } from '../../app/contact'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { ProductFilter } from '../products/product-filter'
import { columns } from './columns'
import { Removal } from './removal'

/** What the account has of each product on each contract, and what of it can be given back. */
export default function Services() {
  const t = useText()
  const format = useFormat()
  const { id: accountId, settings } = useAccount()
  const permitted = useCan('manage_licences')
  const maySend = useCan('send_requests')
  const [product, setProduct] = useState<ContractProduct>()
  const [removing, setRemoving] = useState<RemovalService>()
  const [withdrawing, setWithdrawing] = useState<{ service: RemovalService; waiting: RemovalWaiting }>()
  const page = usePage<RemovalService, RemovalServicesOutput>(['services', accountId, product?.id], ({ signal, ...paging }) => ask(listServices({ path: { accountId }, query: { productId: product?.id, ...paging }, signal })))
  // The answer knows of a partner whom the account got since its settings were read; until it is there, those say.
  const partner = page.answer ? page.answer.contact : settings?.partner?.contact
  const may = permitted && !partner
  const definitions = useMemo(() => {
    const change = may ? { remove: setRemoving, withdraw: (service: RemovalService, waiting: RemovalWaiting) => setWithdrawing({ service, waiting }) } : undefined
    const nameOf = ({ contractId, product }: RemovalService) => <Link href={accountPath(accountId, 'products', contractId, product.id)}>{product.name}</Link>
    const askFor = maySend && !may ? (service: RemovalService) => <AskFor service={service} /> : undefined
    return columns({ t, format, change, nameOf, askFor })
  }, [t, format, may, maySend, accountId])
  return (
    <SpaceBetween size="m">
      {!may && <WhomToAsk partner={partner} />}
      <ServerTable<RemovalService>
        words={{ title: t('services.title'), description: t('services.description'), empty: t('services.empty'), emptyHint: t('services.emptyHint') }}
        page={page}
        filtered={product !== undefined}
        clearFilters={() => setProduct(undefined)}
        filters={
          <div className="choice">
            <ProductFilter chosen={product} choose={setProduct} />
          </div>
        }
        columnDefinitions={definitions}
        trackBy={({ contractId, product }) => `${contractId} ${product.id}`}
        ariaLabels={{ tableLabel: t('services.title') }}
      />
      {removing && <Removal service={removing} close={() => setRemoving(undefined)} />}
      {withdrawing && <Withdraw {...withdrawing} close={() => setWithdrawing(undefined)} />}
    </SpaceBetween>
  )
}

/** Who removes nothing here is told why, and who may. */
function WhomToAsk({ partner }: { partner: AccountContact | undefined }) {
  const t = useText()
  const contact = useContact()
  return (
    <Alert type="info" header={t(partner ? 'services.partner' : 'services.lacking')}>
      {t(partner ? 'services.partner.detail' : 'services.lacking.detail')}
      <Contact contact={partner ?? contact} />
    </Alert>
  )
}

function AskFor({ service: { contractId, product } }: { service: RemovalService }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const query = new URLSearchParams({ product: product.id, contract: contractId })
  return (
    <Link href={`${accountPath(accountId, 'requests')}?${query.toString()}`} ariaLabel={t('services.ask.of', { product: product.name })}>
      {t('services.ask')}
    </Link>
  )
}

/** Asks before seats that wait to be removed are put back into stock. */
function Withdraw({ service, waiting, close }: { service: RemovalService; waiting: RemovalWaiting; close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useServicesChanged(accountId)
  const named = { count: waiting.quantity, product: service.product.name, contract: service.contractName }
  const confirm = async () => {
    try {
      await ask(withdrawRemoval({ path: { accountId, removalId: waiting.removalId } }))
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('services.withdraw.done', named) })
    close()
  }
  return (
    <Confirm title={t('services.withdraw.title')} verb={t('services.withdraw')} confirm={confirm} close={close}>
      <Box>{t('services.withdraw.detail', named)}</Box>
    </Confirm>
  )
}

/** To be called after seats were removed or put back: every list that shows them is read anew. */
export function useServicesChanged(accountId: string): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(['services', 'usage', 'cost-centers'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId] })))
  }
}
