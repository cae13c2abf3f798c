import { useEffect, useState } from 'react'

/** How long after the last key the server is asked, in milliseconds. */
export const pause = 250

/** What is typed in a search box, and what the server is asked for: the same, a moment later and without blanks around it. */
export function useSearch(): { text: string; setText: (text: string) => void; asked: string; clear: () => void } {
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), pause)
    return () => clearTimeout(timer)
  }, [text])
  const clear = () => {
    setText('')
    setAsked('')
  }
  return { text, setText, asked, clear }
}
