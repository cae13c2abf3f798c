import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { ask, idempotencyKey, sendRequest, type SendRequestBody } from '../../api/client'
import { useAccount, useCan } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { mostWords, useRequestsChanged } from './answer'
import { Items, whole, type Item } from './items'

type Kind = SendRequestBody['kind']
const kinds = ['more_seats', 'price', 'upgrade', 'support'] as const
const kindOf = (said: string | null) => kinds.find((kind) => kind === said)

type Props = { product: string | null; contract: string | null; kind: string | null; close: () => void }

/** Asks who may do what the reader may not: in their own words, and for seats with the products. */
export function Send({ product, contract, kind: said, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useRequestsChanged(accountId)
  // Products are not shown to who may not view the account: they ask in words.
  const seesProducts = useCan('view')
  const offered = seesProducts ? kinds : kinds.filter((kind) => kind !== 'more_seats')
  const [kind, setKind] = useState<Kind>((seesProducts ? kindOf(said) : undefined) ?? offered[0] ?? 'support')
  const [items, setItems] = useState<Item[]>([{ product: product ?? '', contract: contract ?? undefined, quantity: '' }])
  const [message, setMessage] = useState('')
  const takesItems = seesProducts && (kind === 'more_seats' || kind === 'upgrade')
  const filled = takesItems ? items.filter(({ product, quantity }) => product !== '' || quantity !== '') : []
  const itemsGood = filled.every(whole) && new Set(filled.map(({ product }) => product)).size === filled.length
  const ready = itemsGood && message.length <= mostWords && (kind === 'more_seats' ? filled.length > 0 : message.trim() !== '')
  const confirm = async () => {
    const body: SendRequestBody = { kind, message: message.trim() || undefined, items: filled.map(({ product, contract, quantity }) => ({ productId: product, contractId: contract, quantity: Number(quantity) })) }
    try {
      await ask(sendRequest({ path: { accountId }, headers: idempotencyKey(key.of(body)), body }))
    } catch (error) {
      key.refused(error)
      throw error
    }
    await changed()
    say({ type: 'success', content: t('requests.sent') })
    close()
  }
  return (
    <Confirm title={t('requests.send')} verb={t('requests.send.verb')} disabled={!ready} confirm={confirm} close={close} size="large">
      <FormField label={t('requests.what')}>
        <RadioGroup value={kind} onChange={({ detail }) => setKind(kindOf(detail.value) ?? kind)} items={offered.map((value) => ({ value, label: t(`requests.kind.${value}`) }))} />
      </FormField>
      <Asked kind={kind} />
      {takesItems && <Items items={items} change={setItems} />}
      <FormField
        label={t(kind === 'more_seats' ? 'requests.message.optional' : 'requests.message')}
        errorText={message.length > mostWords && t('requests.tooLong', { count: mostWords })}
      >
        <Textarea value={message} onChange={({ detail }) => setMessage(detail.value)} rows={5} />
      </FormField>
    </Confirm>
  )
}

/** Who will read it. Whom the vendor has to answer is not shown to who may not view the account. */
function Asked({ kind }: { kind: Kind }) {
  const t = useText()
  const { settings } = useAccount()
  if (!settings) return <Box>{t('requests.goesTo.unknown')}</Box>
  const { partner, representative } = settings
  if (partner) return <Box>{t('requests.goesTo.partner', { name: partner.name })}</Box>
  if (kind === 'more_seats') return <Box>{t('requests.goesTo.administrators')}</Box>
  return <Box>{representative.email ? t('requests.goesTo.representative', { name: representative.name ?? representative.email }) : t('requests.goesTo.vendor')}</Box>
}
