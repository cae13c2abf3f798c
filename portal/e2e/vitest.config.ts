import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.e2e.ts'],
    // One stack, one account: journeys change it, so they go one after another.
    fileParallelism: false,
    setupFiles: ['e2e/day.ts'],
    // A busy machine is no failure: what is waited for in vain is named by its own limit, which is shorter (here and in portal.ts).
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000, interval: 100 } },
  },
})
