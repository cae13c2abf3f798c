import { act } from '@testing-library/react'
import { expect, vi } from 'vitest'

/** Holds the timers of one length, in milliseconds: they end when the test says so and not before, however slow the machine is. */
export function holding(length: number): { end: () => void } {
  const { setTimeout: start, clearTimeout: stop } = globalThis
  const held = new Map<unknown, () => void>()
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((end: () => void, after?: number, ...more: unknown[]) => {
    if (after !== length) return start(end, after, ...more)
    const timer = start(() => undefined)
    held.set(timer, end)
    return timer
  }) as typeof setTimeout)
  vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    held.delete(timer)
    stop(timer)
  })
  return {
    /** Ends those that run, each by itself. There must be one. */
    end: () => {
      const ends = [...held.values()]
      held.clear()
      expect(ends).not.toEqual([])
      for (const one of ends) act(one)
    },
  }
}
