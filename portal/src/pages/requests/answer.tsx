import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import Textarea from '@cloudscape-design/components/textarea'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerRequest, ask, Problem, putRequestIntoCart, type RequestWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { Link } from '../../app/link'
import { accountPath } from '../../app/page'
import { useText } from '../../app/texts'

type Props = { request: RequestWire; close: () => void }

export const mostWords = 2000

/** To be called after a request changed. */
export function useRequestsChanged(accountId: string): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(['requests', 'cart'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId] })))
  }
}

/** Answers or declines a request, in one's own words if one likes. */
export function Answer({ request, state, close }: Props & { state: 'answered' | 'declined' }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useRequestsChanged(accountId)
  const [message, setMessage] = useState('')
  const confirm = async () => {
    try {
      await ask(answerRequest({ path: { accountId, requestId: request.id }, body: { state, message: message.trim() || undefined } }))
    } finally {
      await changed()
    }
    say({ type: 'success', content: t(`requests.done.${state}`) })
    close()
  }
  return (
    <Confirm title={t(`requests.ask.${state}`, { name: request.author.name ?? '' })} verb={t(`requests.verb.${state}`)} confirm={confirm} disabled={message.length > mostWords} close={close}>
      {request.message && <Box><span className="words">{request.message}</span></Box>}
      <FormField label={t('requests.answer')} errorText={message.length > mostWords && t('requests.tooLong', { count: mostWords })}>
        <Textarea value={message} onChange={({ detail }) => setMessage(detail.value)} rows={4} />
      </FormField>
    </Confirm>
  )
}

export function Withdraw({ request, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useRequestsChanged(accountId)
  const confirm = async () => {
    try {
      await ask(answerRequest({ path: { accountId, requestId: request.id }, body: { state: 'withdrawn' } }))
    } finally {
      await changed()
    }
    say({ type: 'success', content: t('requests.done.withdrawn') })
    close()
  }
  return (
    <Confirm title={t('requests.ask.withdrawn')} verb={t('requests.verb.withdrawn')} confirm={confirm} close={close}>
      <Box>{t('requests.withdraw.detail')}</Box>
    </Confirm>
  )
}

type Choice = { id: string; name: string }

/** Puts what is asked for into one's own cart. Where several contracts could take it, the API says which, and one is chosen here. */
export function IntoCart({ request, close }: Props) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useRequestsChanged(accountId)
  const [choices, setChoices] = useState<Choice[]>([])
  const [contract, setContract] = useState<string>()
  const options = choices.map(({ id, name }) => ({ value: id, label: name }))
  const confirm = async () => {
    try {
      await ask(putRequestIntoCart({ path: { accountId, requestId: request.id }, body: contract ? { contractId: contract } : {} }))
    } catch (error) {
      // A question rather than a refusal: it is answered in this window.
      if (!(error instanceof Problem) || error.code !== 'contract_needed' || contract) throw error
      setChoices(error.members.contracts as Choice[])
      return
    } finally {
      await changed()
    }
    const cart = (
      <Link href={accountPath(accountId, 'catalog')} color="inverted">
        {t('requests.cart.open')}
      </Link>
    )
    say({ type: 'success', content: <span>{t('requests.done.in_cart')} {cart}</span> })
    close()
  }
  return (
    <Confirm title={t('requests.ask.in_cart')} verb={t('requests.action.cart')} confirm={confirm} disabled={choices.length > 0 && !contract} close={close}>
      <Box>{t('requests.cart.detail')}</Box>
      {choices.length > 0 && (
        <FormField label={t('requests.contract')} description={t('requests.contract.several')}>
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === contract) ?? null}
            placeholder={t('requests.contract.choose')}
            onChange={({ detail }) => setContract(detail.selectedOption.value)}
            selectedAriaLabel={t('app.selected')}
            filteringType={options.length > 8 ? 'auto' : 'none'}
            filteringAriaLabel={t('requests.contract.find')}
            expandToViewport
          />
        </FormField>
      )}
    </Confirm>
  )
}
