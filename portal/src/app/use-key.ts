import { useRef } from 'react'
import { newKey, Problem } from '../api/client'

/**
 * The idempotency key of what a window is about to do: the same for a repeat after a lost answer, another one for another choice and
 * after every refusal, which is an answer.
 */
export function useKey(): { of: (choice: unknown) => string; refused: (error: unknown) => void } {
  const kept = useRef({ choice: '', key: '' })
  return {
    of: (choice) => {
      const said = JSON.stringify(choice)
      if (kept.current.choice !== said) kept.current = { choice: said, key: newKey() }
      return kept.current.key
    },
    refused: (error) => {
      if (error instanceof Problem && error.status > 0 && error.kind !== 'busy' && error.kind !== 'broken') kept.current = { choice: '', key: '' }
    },
  }
}
