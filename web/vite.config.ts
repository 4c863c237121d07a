import { defineConfig, mergeConfig } from 'vitest/config'
import { LATER } from './scripts/lean.ts'
import { page } from './scripts/page.ts'

// The phone page; the console and the service worker are built after it, each in a run of its own.
export default mergeConfig(
  page('phone', LATER),
  defineConfig({
    build: { manifest: true },
    test: { include: ['tests/**/*.test.ts'], environment: 'node' },
  }),
)
