import Button from '@cloudscape-design/components/button'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import type { OrderItemWire } from '../../api/client'
import { Confirm } from '../../app/confirm'
import { useText } from '../../app/texts'
import { wholeOf } from '../cart/quantity'
import { idOf, none, sumOf, type Carrier, type Part } from './carriers'
import { chosenWell, Picker } from './picker'

const most = 50

type Line = { carrier: Carrier; text: string }

type Props = { item: Pick<OrderItemWire, 'product' | 'quantity'>; parts: Part[]; take: (parts: Part[]) => void; close: () => void }

/** Shares a row's seats out among several cost centers. It is taken only when the parts sum to the row. */
export function Split({ item: { product, quantity }, parts, take, close }: Props) {
  const t = useText()
  const [lines, setLines] = useState<Line[]>(() => {
    const first = parts.map(({ carrier, quantity: seats }) => ({ carrier, text: String(seats) }))
    return first.length > 1 ? first : [...first, { carrier: none, text: '' }]
  })
  // The second row begins without a cost center like the first: nobody has chosen one twice yet.
  const [touched, setTouched] = useState(false)
  const change = (at: number, line: Partial<Line>) => {
    setTouched(true)
    setLines((all) => all.map((one, i) => (i === at ? { ...one, ...line } : one)))
  }
  const made = lines.map(({ carrier, text }) => ({ carrier, quantity: wholeOf(text) ?? 0 }))
  const sum = sumOf(made)
  const twice = new Set(made.map(({ carrier }) => idOf(carrier))).size < made.length
  const ready = sum === quantity && !twice && made.every((part) => part.quantity > 0 && chosenWell(part.carrier))
  return (
    <Confirm
      size="large"
      title={t('checkout.split.title', { product: product.name })}
      verb={t('checkout.split.take')}
      disabled={!ready}
      close={close}
      confirm={() => {
        take(made)
        close()
        return Promise.resolve()
      }}
    >
      <SpaceBetween size="s">
        {lines.map(({ carrier, text }, at) => (
          <div className="part" key={at}>
            <Picker carrier={carrier} label={t('checkout.split.carrier', { nth: at + 1 })} change={(value) => change(at, { carrier: value })} />
            <div className="seats">
              <Input type="number" inputMode="numeric" value={text} ariaLabel={t('checkout.split.seats', { nth: at + 1 })} onChange={({ detail }) => change(at, { text: detail.value })} />
            </div>
            <Button variant="icon" iconName="remove" disabled={lines.length <= 2} ariaLabel={t('checkout.split.remove', { nth: at + 1 })} onClick={() => setLines((all) => all.filter((_, i) => i !== at))} />
          </div>
        ))}
        <Button iconName="add-plus" disabled={lines.length >= most} onClick={() => setLines((all) => [...all, { carrier: none, text: '' }])}>
          {t('checkout.split.add')}
        </Button>
        <div role="status">
          <div>
            <StatusIndicator type={sum === quantity ? 'success' : 'warning'}>{t('checkout.split.sum', { sum, of: quantity })}</StatusIndicator>
          </div>
          {twice && touched && <StatusIndicator type="warning">{t('checkout.split.twice')}</StatusIndicator>}
        </div>
      </SpaceBetween>
    </Confirm>
  )
}
