import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ask, idempotencyKey, problemOf, setQueuesOfUser, type Problem, type UserQueue } from '../../api/client'
import { useAccount } from '../../app/account'
import { useFlash } from '../../app/flash'
import { useFormat } from '../../app/format'
import { ProblemAlert } from '../../app/problem-alert'
import { useText } from '../../app/texts'
import { useKey } from '../../app/use-key'
import { useSeatsChanged } from './line'

/** Who answers queues. */
export type Answering = { id: string; name: string }

/** Says which queues somebody answers, all of them, and then which seats are free by it. Mount it anew for each time. */
export function useSetQueues({ id: userId, name }: Answering): (queues: UserQueue[]) => Promise<void> {
  const t = useText()
  const format = useFormat()
  const { id: accountId } = useAccount()
  const { say, clear } = useFlash()
  const key = useKey()
  const changed = useSeatsChanged(accountId)
  return async (queues) => {
    try {
      const { results } = await ask(setQueuesOfUser({ path: { accountId, userId }, headers: idempotencyKey(key.of(queues)), body: { queues } }))
      const freed = results.map(({ productId, productName }) => productName ?? productId)
      const what = queues.length > 0 ? t('product.queues.saved', { user: name }) : t('product.queues.left', { user: name })
      // What was said before, of seats that queues keep, may hold no more.
      clear()
      say({ type: 'success', header: what, content: freed.length > 0 && t('product.queues.freed', { count: freed.length, products: format.list(freed) }) })
    } catch (error) {
      key.refused(error)
      throw error
    } finally {
      await changed()
    }
  }
}

/** Takes somebody out of all queues in one step. It is shown to those who may take seats, which is the same permission. */
export function LeaveQueues({ user, done }: { user: Answering; done?: () => void }) {
  const t = useText()
  const set = useSetQueues(user)
  const [state, setState] = useState<'busy' | 'left'>()
  const [problem, setProblem] = useState<Problem>()
  const leave = async () => {
    setState('busy')
    setProblem(undefined)
    try {
      await set([])
      setState('left')
      done?.()
    } catch (error) {
      setProblem(problemOf(error))
      setState(undefined)
    }
  }
  if (state === 'left') return null
  return (
    <SpaceBetween size="xs">
      {problem && <ProblemAlert problem={problem} />}
      <Button onClick={() => void leave()} loading={state === 'busy'}>
        {t('product.queues.leave')}
      </Button>
    </SpaceBetween>
  )
}
