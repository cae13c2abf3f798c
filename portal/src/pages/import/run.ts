import { ask, importFile, Problem, type ImportFileData, type IntakeFindingWire, type IntakeImportOutput } from '../../api/client'
import { cellsOf, commaOf, rowsOf, type Piece } from './cut'

export type Kind = ImportFileData['query']['kind']
export type Terms = Omit<ImportFileData['query'], 'kind' | 'dryRun' | 'asOf'>

export const counts = ['created', 'changed', 'unchanged', 'skipped', 'rejected'] as const

/** What became of the pieces that were answered, in the lines of the file. */
export type Report = Record<(typeof counts)[number], number> & {
  rows: number
  rejections: IntakeFindingWire[]
  warnings: IntakeFindingWire[]
  /** The rejected rows with their reasons, as one file; empty where there are none. */
  rejectedCsv: string
  /** Pieces that were answered. */
  sent: number
}

export const nothing: Report = { created: 0, changed: 0, unchanged: 0, skipped: 0, rejected: 0, rows: 0, rejections: [], warnings: [], rejectedCsv: '', sent: 0 }

/** How long after a refusal that says to come again, in milliseconds; doubled with each. */
const firstWait = 500
const tries = 6

/**
 * Sends the pieces one after another from where a report ends, and tells of each. A piece is taken over once however often it is sent, so
 * going on after a lost answer is harmless.
 */
export async function run(pieces: Piece[], from: Report, how: { kind: Kind; dryRun: boolean; terms: Terms; signal: AbortSignal }, told: (report: Report) => void): Promise<void> {
  let report = from
  for (const piece of pieces.slice(from.sent)) {
    report = added(report, piece, await send(piece, how))
    told(report)
  }
}

async function send(piece: Piece, { kind, dryRun, terms, signal }: { kind: Kind; dryRun: boolean; terms: Terms; signal: AbortSignal }): Promise<IntakeImportOutput> {
  for (let failed = 0; ; failed++) {
    try {
      return await ask(importFile({ query: { kind, dryRun, ...terms }, body: piece.body, signal }))
    } catch (error) {
      if (!(error instanceof Problem && error.kind === 'busy') || failed === tries) throw error
      await new Promise((done) => setTimeout(done, firstWait * 2 ** failed * (0.5 + Math.random())))
      signal.throwIfAborted()
    }
  }
}

function added(report: Report, piece: Piece, answer: IntakeImportOutput): Report {
  const ofFile = (finding: IntakeFindingWire) => ({ ...finding, line: piece.lines[finding.line - 1] ?? finding.line })
  const sums = Object.fromEntries(counts.map((count) => [count, report[count] + answer[count]])) as Record<(typeof counts)[number], number>
  return {
    ...sums,
    rows: report.rows + piece.rows,
    rejections: [...report.rejections, ...answer.rejections.map(ofFile)],
    warnings: [...report.warnings, ...answer.warnings.map(ofFile)],
    rejectedCsv: report.rejectedCsv + rejectedRows(answer.rejectedCsv, piece, report.rejectedCsv === ''),
    sent: report.sent + 1,
  }
}

/** The rejected rows of a piece with the lines of the file: line, column and reason are the last three cells. */
export function rejectedRows(csv: string, piece: Pick<Piece, 'lines'>, withTitles: boolean): string {
  const [titles, ...rows] = rowsOf(csv.replace(/^\ufeff/, ''))
  if (!titles) return ''
  const comma = commaOf(titles.text)
  const mended = rows.map(({ text }) => {
    const cells = rawCells(text.replace(/\r?\n$/, ''), comma)
    const line = Number(cells.at(-3))
    cells.splice(-3, 1, String(piece.lines[line - 1] ?? line))
    return `${cells.join(comma)}\n`
  })
  return (withTitles ? `\ufeff${titles.text}` : '') + mended.join('')
}

/** The cells as they stand, quotes and all. */
function rawCells(row: string, comma: string): string[] {
  const cells = cellsOf(row, comma)
  let at = 0
  return cells.map(() => {
    let end = at
    for (let quoted = false; end < row.length && (quoted || row[end] !== comma); end++) if (row[end] === '"') quoted = !quoted
    const cell = row.slice(at, end)
    at = end + 1
    return cell
  })
}
