import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach, expect, vi } from 'vitest'

// Waiting costs nothing where the answer is quick, and a busy machine is no failure.
configure({ asyncUtilTimeout: 30_000 })

// A reader whose browser writes dates as in Britain and in France.
Object.defineProperty(navigator, 'languages', { value: ['en-GB', 'fr-FR'], configurable: true })

// What jsdom has not.
window.matchMedia ??= (query) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Element.prototype.scrollIntoView ??= () => undefined
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as ArrayBuffer)
    reader.onerror = () => failed(reader.error ?? new Error('not read'))
    reader.readAsArrayBuffer(this)
  })
}

// What React, Cloudscape or a page complains of is a defect. A test that is about a failure says so with allowComplaints.
const complaints: string[] = []
beforeEach(() => {
  complaints.length = 0
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => void complaints.push(said.map(String).join(' ')))
  }
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  expect(complaints).toEqual([])
})
