import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pages } from './pages/routes'

const dist = join(import.meta.dirname, '..', 'dist')
type Part = { file: string; imports?: string[]; css?: string[]; dynamicImports?: string[] }

function built(): Record<string, Part> {
  const manifest = join(dist, '.vite', 'manifest.json')
  if (!existsSync(manifest)) throw new Error('dist/ is missing: npm run build makes it')
  return JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, Part>
}

/** All files that a reader's browser gets for these parts. */
function files(parts: Record<string, Part>, names: string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const part = parts[name]
    if (!part) throw new Error(`${name} is not in the build`)
    if (found.has(part.file)) continue
    found.add(part.file)
    for (const style of part.css ?? []) found.add(style)
    files(parts, part.imports ?? [], found)
  }
  return found
}

const kilobytes = (names: string[]) => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name))).length, 0) / 1000

// The first load of each page: what index.html names, what draws the portal, one catalog of texts, and the page.
describe('the first load, by gzip', () => {
  for (const { name } of pages) {
    it(`of ${name} is at most 450 kB of script and 110 kB of style`, () => {
      const parts = built()
      const all = [...files(parts, ['index.html', 'src/app/show.tsx', 'src/texts/fr.ts', `src/pages/${name}/index.tsx`])]
      expect(kilobytes(all.filter((file) => file.endsWith('.js')))).toBeLessThanOrEqual(450)
      expect(kilobytes(all.filter((file) => file.endsWith('.css')))).toBeLessThanOrEqual(110)
    })
  }

  it('loads pages and catalogs on demand, and no font at all', () => {
    const parts = built()
    const first = files(parts, ['index.html'])
    for (const { name } of pages) expect(first.has(parts[`src/pages/${name}/index.tsx`]!.file), name).toBe(false)
    expect(first.has(parts['src/texts/en.ts']!.file)).toBe(false)
    const everything = Object.values(parts).flatMap(({ file, css = [] }) => [file, ...css])
    expect(everything.filter((file) => /\.(woff2?|ttf|otf|eot)$/.test(file))).toEqual([])
    for (const style of everything.filter((file) => file.endsWith('.css'))) expect(readFileSync(join(dist, style), 'utf8')).not.toMatch(/@font-face|url\(["']?(https?:|\/\/)/)
  })
})
