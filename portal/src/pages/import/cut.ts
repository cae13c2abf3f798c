// A file is sent in pieces that the API takes: whole rows, each piece with the titles. What a cell means is the API's to say.

/** What one call takes. */
export const mostRows = 250
export const mostBytes = 1 << 20

export type Piece = {
  body: Blob
  rows: number
  /** Line of the piece, from 0 on → line of the file, from 1 on. */
  lines: number[]
}

type Row = { text: string; line: number; size: number }

/** Rows that stand together with the same key belong together: a contract's products. Folded as the API folds titles. */
const keys: Record<string, string[]> = {
  contracts: ['contractid', 'idducontrat'],
  systems: ['assetid', 'systemid', 'iddelactif', 'iddusysteme'],
  products: ['productcode', 'codeproduit'],
  users: ['email', 'emailaddress', 'adresseemail', 'courriel'],
}

/** The file's text. Without a byte order mark it is UTF-8 where it can be, else the code page of Western spreadsheets. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Rows with their line breaks, without the blank ones. */
export const rowsOf = (text: string): Row[] => allRows(text).filter((row) => !blank(row))

/** Nothing stands there but what parts cells. */
const blank = ({ text }: Row) => /^[\s;,"]*$/.test(text)

// A line break within quotes does not end a row.
function allRows(text: string): Row[] {
  const rows: Row[] = []
  let begin = 0
  let line = 1
  let at = 1
  let quoted = false
  for (let i = 0; i <= text.length; i++) {
    const c = text[i]
    if (c === '"') quoted = !quoted
    if (c === '\n') at++
    if ((c === '\n' && !quoted) || i === text.length) {
      const row = text.slice(begin, Math.min(i + 1, text.length))
      if (row !== '') rows.push({ text: row.endsWith('\n') ? row : `${row}\n`, line, size: new TextEncoder().encode(row).length })
      begin = i + 1
      line = at
    }
  }
  return rows
}

/** The cells of a row, without their quotes. */
export function cellsOf(row: string, comma: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (const c of row.replace(/\r?\n$/, '')) {
    if (c === '"') quoted = !quoted
    else if (c === comma && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += c
  }
  return [...cells, cell]
}

/** What parts the cells: what stands most often between the titles. */
export const commaOf = (titles: string): string => [';', ',', '\t'].reduce((best, one) => (cellsOf(titles, one).length > cellsOf(titles, best).length ? one : best))

const fold = (title: string) => title.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

/**
 * What a report prints below its rows is left out, as the API does: all from a blank row on, if only short rows follow. Short is a
 * single filled cell, or less than half of the titles' cells.
 */
function withoutFooter(rows: Row[], comma: string, columns: number): Row[] {
  const short = (row: Row) => {
    const cells = cellsOf(row.text, comma)
    return columns > 1 && (cells.filter((cell) => cell.trim() !== '').length === 1 || 2 * cells.length < columns)
  }
  let end = rows.length
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]
    if (!row) break
    if (blank(row)) end = i
    else if (!short(row)) break
  }
  return rows.slice(0, end).filter((row) => !blank(row))
}

export function cut(text: string, kind: string): Piece[] {
  const all = allRows(text.replace(/^\ufeff/, ''))
  const first = all.findIndex((row) => !blank(row))
  const titles = all[first]
  if (!titles) return []
  const comma = commaOf(titles.text)
  const columns = cellsOf(titles.text, comma)
  const rows = withoutFooter(all.slice(first + 1), comma, columns.length)
  const place = columns.findIndex((title) => keys[kind]?.includes(fold(title)))
  const keyOf = (row: Row) => (place < 0 ? '' : (cellsOf(row.text, comma)[place] ?? '').trim())
  const pieces: Piece[] = []
  let open: Row[] = []
  let size = titles.size
  const close = () => {
    if (open.length > 0) pieces.push(pieceOf(titles, open))
    open = []
    size = titles.size
  }
  const fits = (group: Row[]) => open.length + group.length <= mostRows && size + sizeOf(group) <= mostBytes - 3
  for (const group of groupsOf(rows, keyOf)) {
    if (!fits(group)) close()
    for (const row of group) {
      if (!fits([row])) close()
      open.push(row)
      size += row.size + 1
    }
  }
  close()
  return pieces
}

const sizeOf = (rows: Row[]) => rows.reduce((sum, row) => sum + row.size + 1, 0)

function groupsOf(rows: Row[], keyOf: (row: Row) => string): Row[][] {
  const groups: Row[][] = []
  let last = ''
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.at(-1)
    if (group && key !== '' && key === last) group.push(row)
    else groups.push([row])
    last = key
  }
  return groups
}

function pieceOf(titles: Row, rows: Row[]): Piece {
  const all = [titles, ...rows]
  const lines = all.flatMap(({ text, line }) => Array.from({ length: text.split('\n').length - 1 }, (_, more) => line + more))
  return { body: new Blob([`\ufeff${all.map(({ text }) => text).join('')}`]), rows: rows.length, lines }
}
