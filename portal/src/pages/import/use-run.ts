import { useEffect, useRef, useState } from 'react'
import { problemOf, type Problem } from '../../api/client'
import { cut, decode, type Piece } from './cut'
import { nothing, run, type Report } from './run'
import type { Chosen } from './choice'

export type Run = {
  state: 'idle' | 'running' | 'stopped' | 'done'
  report: Report
  /** Of the file. */
  rows: number
  problem: Problem | undefined
  /** Begins, or goes on from where it stopped. */
  go: () => Promise<void>
  stop: () => void
  forget: () => void
}

type Shown = Pick<Run, 'state' | 'report' | 'rows' | 'problem'>
const idle: Shown = { state: 'idle', report: nothing, rows: 0, problem: undefined }

/** Sends a file in pieces, and keeps what became of them. Leaving the page stops it behind the piece that is on its way. */
export function useRun({ kind, file, terms }: Chosen, dryRun: boolean): Run {
  const [shown, setShown] = useState(idle)
  const pieces = useRef<Piece[]>([])
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const go = async () => {
    if (!file) return
    const controller = new AbortController()
    abort.current = controller
    const from = shown.state === 'stopped' ? shown.report : nothing
    const show = (change: Partial<Shown>) => abort.current === controller && setShown((was) => ({ ...was, ...change }))
    show({ state: 'running', report: from, problem: undefined })
    try {
      if (from.sent === 0) pieces.current = cut(decode(new Uint8Array(await file.arrayBuffer())), kind)
      show({ rows: pieces.current.reduce((sum, piece) => sum + piece.rows, 0) })
      await run(pieces.current, from, { kind, dryRun, terms, signal: controller.signal }, (report) => show({ report }))
      show({ state: 'done' })
    } catch (error) {
      show({ state: 'stopped', problem: controller.signal.aborted ? undefined : problemOf(error) })
    }
  }
  const forget = () => {
    abort.current?.abort()
    abort.current = undefined
    setShown(idle)
  }
  return { ...shown, go, stop: () => abort.current?.abort(), forget }
}
