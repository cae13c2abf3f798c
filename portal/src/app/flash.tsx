import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useText } from './texts'

/** `about`: what may make it untrue, so that it can be taken away by then. */
type Said = { type: FlashbarProps.Type; content: ReactNode; header?: ReactNode; action?: ReactNode; about?: string }
/** `clear` takes away what was said about one thing, or all. */
type Flash = { say: (said: Said) => void; clear: (about?: string) => void }
type Item = FlashbarProps.MessageDefinition & { about?: string }

const Speaks = createContext<Flash>({ say: () => undefined, clear: () => undefined })
const Shown = createContext<Item[]>([])

/** What was done, said at the top of the page until it is dismissed or the reader goes to another page. */
export function Flashes({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<Item[]>([])
  const say = useCallback((said: Said) => {
    const id = crypto.randomUUID()
    const onDismiss = () => setItems((all) => all.filter((item) => item.id !== id))
    setItems((all) => [{ ...said, id, dismissible: true, onDismiss }, ...all].slice(0, 5))
  }, [])
  const clear = useCallback((about?: string) => setItems((all) => (all.length === 0 ? all : all.filter((item) => about !== undefined && item.about !== about))), [])
  const flash = useMemo(() => ({ say, clear }), [say, clear])
  return (
    <Speaks.Provider value={flash}>
      <Shown.Provider value={items}>{children}</Shown.Provider>
    </Speaks.Provider>
  )
}

export const useFlash = (): Flash => useContext(Speaks)

export function FlashMessages() {
  const t = useText()
  const items = useContext(Shown)
  // What was done is said above where the reader is: on a narrow page out of sight.
  const place = useRef<HTMLDivElement>(null)
  const newest = items[0]?.id
  useEffect(() => {
    if (newest !== undefined) place.current?.scrollIntoView({ block: 'nearest' })
  }, [newest])
  return (
    <div ref={place}>
      <Flashbar items={items.map(({ about, ...item }) => ({ ...item, dismissLabel: t('app.close') }))} />
    </div>
  )
}
