import Button from '@cloudscape-design/components/button'
import Select from '@cloudscape-design/components/select'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { ask, listRequests, type RequestWire } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { useFormat } from '../../app/format'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { ServerTable } from '../../app/server-table'
import { useLanguage, useText } from '../../app/texts'
import { usePage } from '../../app/use-page'
import { Answer, IntoCart, Withdraw } from './answer'
import { columns, type Action } from './columns'
import { Send } from './send'

type State = RequestWire['state']
const states = ['open', 'in_cart', 'ordered', 'answered', 'declined', 'withdrawn'] as const

/** What was asked for: one's own requests, and all of the account's for who handles them. */
export default function Requests() {
  const t = useText()
  const format = useFormat()
  const { language } = useLanguage()
  const { id: accountId, mine } = useAccount()
  const maySend = useCan('send_requests') && mine.kind === 'member'
  const managesLicences = useCan('manage_licences')
  const seesAll = managesLicences || mine.kind !== 'member'
  const [state, setState] = useState<State>()
  // A link from a product or a service opens the window with it: ?product=…&contract=…
  const [given, setGiven] = useSearchParams()
  const [sending, setSending] = useState(() => maySend && (given.has('product') || given.has('kind')))
  const [acting, setActing] = useState<{ request: RequestWire; action: Action }>()
  const page = usePage<RequestWire>(['requests', accountId, state], ({ signal, ...paging }) => ask(listRequests({ path: { accountId }, query: { state, ...paging }, signal })))
  const maySeeOrders = useCan('view_orders')
  const definitions = useMemo(() => {
    const orderLink = (orderId: string, text: string) => (maySeeOrders ? <Link href={accountPath(accountId, 'orders', orderId)}>{text}</Link> : null)
    return columns({ t, format, language, seesAll, orderLink, act: (request, action) => setActing({ request, action }) })
  }, [t, format, language, seesAll, maySeeOrders, accountId])
  const every = { value: '', label: t('requests.filter.all') }
  const options = [every, ...states.map((value) => ({ value, label: t(`requests.state.${value}`) }))]
  const closeSend = () => {
    setSending(false)
    setGiven({}, { replace: true })
  }
  const close = () => setActing(undefined)
  const send = (
    <Button variant="primary" onClick={() => setSending(true)}>
      {t('requests.send')}
    </Button>
  )
  return (
    <>
      <ServerTable<RequestWire>
        words={{ title: t('requests.title'), description: t(seesAll ? 'requests.description.all' : 'requests.description.own'), empty: t('requests.empty'), emptyHint: t('requests.emptyHint') }}
        page={page}
        filtered={state !== undefined}
        clearFilters={() => setState(undefined)}
        filters={
          <div className="choice">
            <Select
              ariaLabel={t('requests.filter')}
              selectedOption={options.find(({ value }) => value === (state ?? '')) ?? every}
              options={options}
              onChange={({ detail }) => setState(states.find((one) => one === detail.selectedOption.value))}
              selectedAriaLabel={t('app.selected')}
              expandToViewport
            />
          </div>
        }
        actions={maySend && send}
        columnDefinitions={definitions}
        trackBy="id"
        ariaLabels={{ tableLabel: t('requests.title') }}
      />
      {sending && <Send product={given.get('product')} contract={given.get('contract')} kind={given.get('kind')} close={closeSend} />}
      {acting?.action === 'cart' && <IntoCart request={acting.request} close={close} />}
      {acting?.action === 'withdraw' && <Withdraw request={acting.request} close={close} />}
      {(acting?.action === 'answer' || acting?.action === 'decline') && <Answer request={acting.request} state={acting.action === 'answer' ? 'answered' : 'declined'} close={close} />}
    </>
  )
}
