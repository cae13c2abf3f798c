import Input from '@cloudscape-design/components/input'
import { useEffect, useState } from 'react'

export const mostSeats = 10_000_000

/** A whole number from one on, undefined for what is none. */
export function wholeOf(text: string): number | undefined {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= 1 && value <= mostSeats ? value : undefined
}

/** A number of seats, taken when the reader leaves it or presses Enter. What is no number goes back to what it was. */
export function Quantity({ value, label, disabled, change }: { value: number; label: string; disabled?: boolean; change: (value: number) => void }) {
  const [text, setText] = useState(String(value))
  useEffect(() => setText(String(value)), [value])
  const take = () => {
    const typed = wholeOf(text)
    if (typed === undefined) setText(String(value))
    else if (typed !== value) change(typed)
  }
  return (
    <div className="seats">
      <Input
        type="number"
        inputMode="numeric"
        step={1}
        value={text}
        ariaLabel={label}
        disabled={disabled}
        onChange={({ detail }) => setText(detail.value)}
        onBlur={take}
        onKeyDown={({ detail }) => detail.key === 'Enter' && take()}
      />
    </div>
  )
}
