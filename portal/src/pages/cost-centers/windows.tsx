import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, askWithTag, changeCostCenter, createCostCenter, getCostCenter, idempotencyKey, ifMatch, problemOf, type ChangeCostCenterBody, type CostcenterWire } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { useFlash } from '../../app/flash'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'

type Props = { center: CostcenterWire; close: () => void }

function useChanged(): () => Promise<void> {
  const { id: accountId } = useAccount()
  const queries = useQueryClient()
  return async () => {
    await Promise.all(['cost-centers', 'seats', 'usage'].map((noun) => queries.invalidateQueries({ queryKey: [noun, accountId] })))
  }
}

/** The cost center as it is now, with its tag, and its change held to that. */
function useCenter({ center: { id }, close }: Props) {
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const changed = useChanged()
  const path = { accountId, costCenterId: id }
  const { data, error, refetch } = useQuery({
    queryKey: ['cost-centers', accountId, 'tagged', id],
    queryFn: async ({ signal }) => {
      const { data: now, tag } = await askWithTag(getCostCenter({ path, signal }))
      return { now, tag }
    },
    staleTime: 0,
  })
  const change = async (body: ChangeCostCenterBody, done: string) => {
    try {
      await ask(changeCostCenter({ path, headers: ifMatch(data?.tag ?? ''), body }))
      close()
      say({ type: 'success', content: done })
    } finally {
      await changed()
    }
  }
  return { now: data?.now, problem: error && <ProblemAlert problem={problemOf(error)} retry={() => void refetch()} />, change }
}

export function Create({ close }: { close: () => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  const { say } = useFlash()
  const key = useKey()
  const changed = useChanged()
  const [name, setName] = useState('')
  const confirm = async () => {
    const body = { name: name.trim() }
    try {
      await ask(createCostCenter({ path: { accountId }, headers: idempotencyKey(key.of(body)), body }))
      close()
      say({ type: 'success', content: t('cost-centers.created', body) })
      await changed()
    } catch (error) {
      key.refused(error)
      throw error
    }
  }
  return (
    <Confirm title={t('cost-centers.create')} verb={t('cost-centers.create.verb')} disabled={name.trim() === ''} confirm={confirm} close={close}>
      <Name name={name} set={setName} />
    </Confirm>
  )
}

export function Rename(props: Props) {
  const t = useText()
  const { now, problem, change } = useCenter(props)
  const [name, setName] = useState(props.center.name)
  const typed = name.trim()
  return (
    <Confirm
      title={t('cost-centers.rename.title')}
      verb={t('cost-centers.rename')}
      disabled={!now || typed === '' || typed === now.name}
      confirm={() => change({ name: typed }, t('cost-centers.renamed', { name: typed }))}
      close={props.close}
    >
      {problem}
      <Name name={name} set={setName} />
    </Confirm>
  )
}

/** An archived one is offered nowhere any more. While it carries seats it cannot be. */
export function Archive(props: Props) {
  const t = useText()
  const { now, problem, change } = useCenter(props)
  const { name, pools } = now ?? props.center
  return (
    <Confirm
      title={t('cost-centers.archive.title', { name })}
      verb={t('cost-centers.archive')}
      disabled={!now || pools > 0}
      confirm={() => change({ state: 'archived' }, t('cost-centers.archived', { name }))}
      close={props.close}
    >
      {problem}
      {pools > 0 ? <Alert type="warning">{t('cost-centers.archive.carries', { count: pools })}</Alert> : <div>{t('cost-centers.archive.detail')}</div>}
    </Confirm>
  )
}

export function Reactivate(props: Props) {
  const t = useText()
  const { now, problem, change } = useCenter(props)
  const { name } = now ?? props.center
  return (
    <Confirm title={t('cost-centers.reactivate.title', { name })} verb={t('cost-centers.reactivate')} disabled={!now} confirm={() => change({ state: 'active' }, t('cost-centers.reactivated', { name }))} close={props.close}>
      {problem}
      <div>{t('cost-centers.reactivate.detail')}</div>
    </Confirm>
  )
}

function Name({ name, set }: { name: string; set: (name: string) => void }) {
  const t = useText()
  return (
    <FormField label={t('cost-centers.column.name')}>
      <Input value={name} onChange={({ detail }) => set(detail.value)} autoComplete="off" autoFocus />
    </FormField>
  )
}
