import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useCallback, useEffect, useState } from 'react'

export const appearances = ['system', 'light', 'dark'] as const
export type Appearance = (typeof appearances)[number]

const key = 'appearance'
const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)')

function kept(): Appearance {
  try {
    const said = localStorage.getItem(key)
    return appearances.find((known) => known === said) ?? 'system'
  } catch {
    return 'system' // a browser that keeps nothing shows what the system says
  }
}

function keep(appearance: Appearance): void {
  try {
    localStorage.setItem(key, appearance)
  } catch {
    return // it holds until the next load
  }
}

function apply(appearance: Appearance): void {
  const dark = appearance === 'dark' || (appearance === 'system' && prefersDark().matches)
  applyMode(dark ? Mode.Dark : Mode.Light)
  document.documentElement.classList.toggle('dark', dark)
}

/** Before anything is drawn, so that no page flashes in the other mode. */
export const applyAppearance = (): void => apply(kept())

/** Light or dark, as the reader chose in this browser, else as their system does. */
export function useAppearance(): [Appearance, (appearance: Appearance) => void] {
  const [appearance, set] = useState(kept)
  useEffect(() => {
    const follow = () => apply(appearance)
    follow()
    const system = prefersDark()
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [appearance])
  return [appearance, useCallback((next: Appearance) => (keep(next), set(next)), [])]
}
