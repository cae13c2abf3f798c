import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, type Plugin, type Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'

const port = process.env.PORT ?? '8080'

// `import 'virtual:theme.css'` is what src/app/theme.ts makes, as a file. It is bundled first: Node alone cannot load Cloudscape.
function theme(): Plugin {
  const id = 'virtual:theme.css'
  return {
    name: 'theme',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    async load(source) {
      if (source !== `\0${id}`) return undefined
      const made = (await build({ configFile: false, logLevel: 'error', ssr: { noExternal: true }, build: { ssr: 'src/app/theme.ts', write: false } })) as Rolldown.RolldownOutput
      const code = Buffer.from(made.output[0].code).toString('base64')
      const module = (await import(`data:text/javascript;base64,${code}`)) as { default: string }
      return module.default
    },
  }
}

// Cloudscape's own font comes as text within its style sheet. Ours are those of the reader's system, and the policy allows no others.
const withoutFonts: Plugin = {
  name: 'without-fonts',
  enforce: 'pre',
  transform: (code, id) => (id.includes('/global-styles/') && id.endsWith('.css') ? code.replaceAll(/@font-face\s*\{[^}]*\}/g, '') : undefined),
}

// Cloudscape's styles say the default of a design token anew at each of its uses, 5 kB of every first load, though its base theme
// sets the token on the body. A default stays where the base theme has no such token.
const baseTheme = readFileSync(join(import.meta.dirname, 'node_modules/@cloudscape-design/components/internal/base-theme/styles.scoped.css'), 'utf8')
const tokens = new Set(/body\s*\{([^}]*)\}/.exec(baseTheme)?.[1]?.match(/--[\w-]+(?=:)/g))
const withoutDefaults: Plugin = {
  name: 'without-defaults',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/@cloudscape-design/components/') && id.endsWith('.css') ? code.replaceAll(/var\((--[\w-]+),(?!\s*var\()(?:[^()]|\([^()]*\))*\)/g, (use, token: string) => (tokens.has(token) ? `var(${token})` : use)) : undefined,
}

export default defineConfig({
  plugins: [react(), theme(), withoutFonts, withoutDefaults],
  build: {
    target: 'es2022',
    // A picture or a font as text within a style would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What belongs to what, for src/budget.test.ts.
    manifest: true,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: Object.fromEntries(['/v1', '/dev', '/config.json'].map((path) => [path, `http://localhost:${port}`])),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    server: { deps: { inline: [/@cloudscape-design/] } },
    // A busy machine is no failure; what waits in vain within a test says so first, see src/testing/setup.ts.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
