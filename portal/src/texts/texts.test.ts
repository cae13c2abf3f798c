import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { pages } from '../pages/routes'

const root = join(import.meta.dirname, '..')
const languages = ['fr', 'en'] as const

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
const sources = files.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !/[/\\](generated|testing)[/\\]/.test(name))
const catalogs = (language: string) => files.filter((name) => name.endsWith(`${language}.json`))
const read = (name: string) => JSON.parse(readFileSync(name, 'utf8')) as Record<string, string>
const texts = (language: string): Record<string, string> => Object.assign({}, ...catalogs(language).map(read)) as Record<string, string>

/** The keys that a source asks for: literals, and templates as patterns in which anything stands for what is put in. */
function asked(name: string): { literals: string[]; patterns: RegExp[] } {
  const literals: string[] = []
  const patterns: RegExp[] = []
  const keys = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) literals.push(node.text)
    else if (ts.isTemplateExpression(node)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)]
      patterns.push(new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('[A-Za-z0-9_]+')}$`))
    } else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(keys)
    else if (ts.isParenthesizedExpression(node)) keys(node.expression)
    else throw new Error(`${relative(root, name)}: the key ${node.getText()} cannot be read; write it as a literal or a template`)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't' && node.arguments[0]) keys(node.arguments[0])
    ts.forEachChild(node, visit)
  }
  visit(parsed(name))
  return { literals, patterns }
}

const parsed = (name: string) => ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)

/** Words between tags, or as an attribute that is shown or read aloud. */
function hardCoded(name: string): string[] {
  const shown = /^(alt|title|label|header|description|placeholder|ariaLabel|aria-label|.*Text|.*Label|.*Placeholder)$/
  const found: string[] = []
  const word = /\p{L}{2}/u
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && word.test(node.text)) found.push(node.text.trim())
    const value = ts.isJsxAttribute(node) && shown.test(node.name.getText()) ? node.initializer : undefined
    if (value && ts.isStringLiteral(value) && word.test(value.text)) found.push(value.text)
    ts.forEachChild(node, visit)
  }
  visit(parsed(name))
  return found.map((text) => `${relative(root, name)}: ${text}`)
}

function placeholders(elements: MessageFormatElement[], into = new Set<string>()): Set<string> {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue
    into.add(element.value)
    if (element.type === TYPE.plural || element.type === TYPE.select) Object.values(element.options).forEach((option) => placeholders(option.value, into))
    if (element.type === TYPE.tag) placeholders(element.children, into)
  }
  return into
}

describe('the catalogs', () => {
  it('have every text in each language, with the same values to put in', () => {
    const [fr, en] = languages.map(texts) as [Record<string, string>, Record<string, string>]
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    for (const key of Object.keys(fr)) {
      expect(fr[key], key).not.toBe('')
      expect([...placeholders(parse(fr[key]!))].sort(), key).toEqual([...placeholders(parse(en[key]!))].sort())
    }
  })

  it('keep a French colon on the line of its word', () => {
    for (const [key, text] of Object.entries(texts('fr'))) expect(text, key).not.toMatch(/« | [:;!?»]/)
  })

  it('name every text by its folder, and no text twice', () => {
    for (const language of languages) {
      const seen = new Map<string, string>()
      for (const name of catalogs(language)) {
        const folder = relative(root, name).split(/[/\\]/).at(-2)
        // JSON would let a second one win unseen.
        for (const [, key = ''] of readFileSync(name, 'utf8').matchAll(/^\s*"([^"]+)":/gm)) {
          expect(key.split('.')[0], `${key} in ${relative(root, name)}`).toBe(folder)
          expect(seen.get(key), `${key} stands twice`).toBeUndefined()
          seen.set(key, name)
        }
      }
    }
  })

  it('have every key that is asked for, and none that is not', () => {
    const all = Object.keys(texts('fr'))
    const frame = pages.flatMap(({ name }) => [`${name}.title`, `${name}.help`])
    const used = sources.map(asked)
    const literals = new Set([...frame, ...used.flatMap((one) => one.literals)])
    // What the frame asks for by a page's name is in `frame` already, and would match everything.
    const patterns = used.flatMap((one) => one.patterns).filter((pattern) => !pattern.source.startsWith('^[A-Za-z0-9_]+'))
    expect([...literals].filter((key) => !all.includes(key))).toEqual([])
    expect(patterns.filter((pattern) => !all.some((key) => pattern.test(key)))).toEqual([])
    expect(all.filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)))).toEqual([])
  })

  it('hold all the words: none stands in a view', () => {
    expect(sources.filter((name) => name.endsWith('.tsx')).flatMap(hardCoded)).toEqual([])
  })

  it('have French as it is set: a space before ; ! ? and curved apostrophes', () => {
    const wrong = Object.entries(texts('fr')).filter(([, text]) => /[\p{L}]'[\p{L}]/u.test(text) || /\p{L}[;!?]/u.test(text))
    expect(wrong).toEqual([])
  })
})
