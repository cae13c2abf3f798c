import { addOperator, ask, idempotencyKey, listOperators, removeOperator } from '../../api/client'
import { useText } from '../../app/texts'
import { Staff } from './staff'

export default function Operators() {
  const t = useText()
  return (
    <Staff
      name={['operators']}
      words={{ title: t('operators.title'), description: t('operators.description'), empty: t('operators.empty') }}
      read={({ signal, ...paging }) => ask(listOperators({ query: paging, signal }))}
      add={(body, key) => ask(addOperator({ headers: idempotencyKey(key), body }))}
      remove={(staffId) => ask(removeOperator({ path: { staffId } }))}
    />
  )
}
