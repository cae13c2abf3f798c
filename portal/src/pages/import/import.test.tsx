import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { answering, refusal, type Answers } from '../../testing/answers'
import { show } from '../../testing/render'
import { cellsOf, commaOf, cut, decode, mostRows, rowsOf } from './cut'
import { rejectedRows } from './run'
import Import from '.'

const titles = 'ID du compte;ID du contrat;Nom\n'

describe('a file that is cut', () => {
  it('keeps a row whole whose cell holds a line break, and knows the lines of the file', () => {
    expect(rowsOf('a;b\n"one\ntwo";x\n\ny;z').map(({ text, line }) => [text, line])).toEqual([
      ['a;b\n', 1],
      ['"one\ntwo";x\n', 2],
      ['y;z\n', 5],
    ])
  })

  it('finds what parts the cells outside of quotes', () => {
    expect(commaOf('"a,b,c";d\n')).toBe(';')
    expect(commaOf('a\tb\tc')).toBe('\t')
    expect(cellsOf('"a;b";c\r\n', ';')).toEqual(['a;b', 'c'])
  })

  it('reads UTF-8, and else the code page of Western spreadsheets', () => {
    expect(decode(new TextEncoder().encode('é'))).toBe('é')
    expect(decode(new Uint8Array([0xe9]))).toBe('é')
    expect(decode(new Uint8Array([0xff, 0xfe, 0xe9, 0x00]))).toBe('é')
  })

  it('has at most as many rows in a piece as a call takes, and never parts a contract', () => {
    const rows = Array.from({ length: mostRows - 1 }, (_, n) => `a;c${n};x\n`).join('')
    const pieces = cut(`${titles}${rows}a;same;x\na;same;y\na;last;z\n`, 'contracts')
    expect(pieces.map((piece) => piece.rows)).toEqual([mostRows - 1, 3])
    expect(pieces[1]!.lines).toEqual([1, mostRows + 1, mostRows + 2, mostRows + 3])
  })

  it('leaves out what a report prints below a blank row, and no row that follows the others at once', () => {
    const rows = (text: string) => cut(text, 'contracts').reduce((sum, piece) => sum + piece.rows, 0)
    expect(rows(`${titles}a;1;x\na;2;y\n\nCopyright\n`)).toBe(2)
    expect(rows(`${titles}a;1;x\nCopyright\n`)).toBe(2)
    expect(rows(`${titles}a;1;x\n\na;2;y\n`)).toBe(2)
  })

  it('has its rejected rows back in the lines of the file, quotes and all', () => {
    const csv = '\ufeffName;Line;Column;Reason\n"a;b";2;Name;"It is; wrong"\n'
    expect(rejectedRows(csv, { lines: [1, 251] }, true)).toBe('\ufeffName;Line;Column;Reason\n"a;b";251;Name;"It is; wrong"\n')
    expect(rejectedRows(csv, { lines: [1, 251] }, false)).toBe('"a;b";251;Name;"It is; wrong"\n')
  })
})

const answer = { created: 1, changed: 0, unchanged: 0, skipped: 0, rejected: 1, rejections: [{ line: 3, column: 'name', code: 'cell_empty', detail: 'The cell is empty.' }], warnings: [], rejectedCsv: 'a;Line;Column;Reason\nx;3;a;Empty\n' }
const file = () => new File([`${titles}a;1;x\na;2;\n`], 'contracts.csv', { type: 'text/csv' })

async function previewed(answers: Answers, language: 'en' | 'fr' = 'en') {
  const sent = answering(answers)
  const { container } = show(<Import />, { language, me: { operator: true } })
  await userEvent.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, file())
  await userEvent.click(screen.getByRole('button', { name: { en: 'Preview', fr: 'Aperçu' }[language] }))
  return sent
}

describe('an import', () => {
  it('shows first what it would do, row by row, and writes nothing', async () => {
    const sent = await previewed({ 'POST /v1/crm/imports': () => ({ body: answer }) })
    expect(await screen.findByText('What the import would do')).toBeTruthy()
    const row = screen.getByText('The cell is empty.').closest('tr')!
    expect(within(row).getByText('3')).toBeTruthy()
    expect(screen.getByText('1 row will be taken over. 1 rejected row will be left out.')).toBeTruthy()
    expect(sent.map(({ query }) => query.get('dryRun'))).toEqual(['true'])
  })

  it('then takes the file over', async () => {
    const sent = await previewed({ 'POST /v1/crm/imports': () => ({ body: answer }) }, 'fr')
    await userEvent.click(await screen.findByRole('button', { name: 'Importer' }))
    expect(await screen.findByText('Import terminé')).toBeTruthy()
    expect(sent.map(({ query }) => query.get('dryRun'))).toEqual(['true', 'false'])
    expect(screen.getByRole('button', { name: 'Télécharger les lignes rejetées' })).toBeTruthy()
  })

  it('stops where no answer comes, says so, and goes on from there', async () => {
    let fails = true
    const sent = await previewed({
      'POST /v1/crm/imports': ({ query }) => {
        if (query.get('dryRun') === 'true' || !fails) return { body: answer }
        return refusal(500, 'internal', 'It broke.')
      },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Import' }))
    expect(await screen.findByText('It broke.')).toBeTruthy()
    fails = false
    await userEvent.click(screen.getByRole('button', { name: 'Go on' }))
    expect(await screen.findByText('The import is done')).toBeTruthy()
    await waitFor(() => expect(sent).toHaveLength(3))
  })
})
