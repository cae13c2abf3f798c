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

export default defineConfig({
  plugins: [react(), theme(), withoutFonts],
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
    testTimeout: 20_000,
  },
})
