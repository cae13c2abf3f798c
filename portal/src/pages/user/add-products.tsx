import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { problemOf } from '../../api/client'
import { useAccount } from '../../app/account'
import { Confirm } from '../../app/confirm'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { Features } from '../product/features'
import { useFeatures } from '../product/line'
import { LeaveAll } from '../product/queues'
import { useProducts } from '../products/products'
import { Refused, useChange } from './change'
import type { Person } from './person'

/** Gives a person several products at once, each with its features. */
export function AddProducts({ person, close }: { person: Person; close: () => void }) {
  const t = useText()
  const { query, products } = useProducts()
  const { change, refused } = useChange(person)
  // The chosen products, each with the features that are on.
  const [chosen, setChosen] = useState<Record<string, string[]>>({})
  const [notify, setNotify] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const ids = Object.keys(chosen)
  const offered = [...products.values()].filter(({ id }) => !person.seats.some(({ productId }) => productId === id))
  const choose = (id: string, on: boolean) => setChosen(({ [id]: features = [], ...others }) => (on ? { ...others, [id]: features } : others))
  const confirm = async () => {
    const add = ids.map((productId) => ({ productId, features: chosen[productId]?.length ? chosen[productId] : undefined }))
    const failed = await change({ add, notify })
    if (failed.length === 0) close()
    else setChosen((before) => Object.fromEntries(Object.entries(before).filter(([id]) => failed.some(({ productId }) => productId === id))))
  }
  if (leaving) return <LeaveAll user={person} close={() => setLeaving(false)} done={close} />
  return (
    <Confirm title={t('user.addProducts.title', { name: person.name })} verb={t('user.addProducts.verb', { count: ids.length })} disabled={ids.length === 0} confirm={confirm} close={close}>
      <Refused results={refused} nameOf={(id) => products.get(id)?.name ?? id} leave={() => setLeaving(true)} />
      {query.error && <ProblemAlert problem={problemOf(query.error)} retry={() => void query.refetch()} />}
      <FormField label={t('user.products')} description={t('user.products.hint')}>
        <SpaceBetween size="s">
          {offered.map(({ id, name }) => (
            <div key={id}>
              <Checkbox checked={id in chosen} onChange={({ detail }) => choose(id, detail.checked)}>
                {name}
              </Checkbox>
              {id in chosen && <FeaturesOf productId={id} name={name} on={chosen[id] ?? []} set={(features) => setChosen((before) => ({ ...before, [id]: features }))} />}
            </div>
          ))}
          {offered.length === 0 && !query.isFetching && !query.error && <Box color="text-body-secondary">{t('user.products.none')}</Box>}
          {query.hasNextPage && (
            <Button variant="inline-link" loading={query.isFetching} onClick={() => void query.fetchNextPage()}>
              {t('user.products.more')}
            </Button>
          )}
        </SpaceBetween>
      </FormField>
      <Checkbox checked={notify} onChange={({ detail }) => setNotify(detail.checked)}>
        {t('user.notify')}
      </Checkbox>
    </Confirm>
  )
}

function FeaturesOf({ productId, name, on, set }: { productId: string; name: string; on: string[]; set: (features: string[]) => void }) {
  const t = useText()
  const { id: accountId } = useAccount()
  return (
    <Box padding={{ left: 'xl', top: 'xxs' }}>
      <Features known={useFeatures(accountId, productId)} on={on} set={set} label={t('user.features', { product: name })} />
    </Box>
  )
}
