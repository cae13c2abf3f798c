import { defineConfig } from 'vitest/config'

// What is not part of the journeys: figures of a large account, and pictures.
export default defineConfig({
  test: { environment: 'node', include: ['e2e/**/*.run.ts'], fileParallelism: false, testTimeout: 1_800_000, hookTimeout: 300_000, disableConsoleIntercept: true, silent: false },
})
