import { defineConfig, mergeConfig } from 'vite'
import { page } from './scripts/page.ts'

// The console stands beside the phone page in the same folder, with a list of its own of what it is made of.
export default mergeConfig(
  page('console'),
  defineConfig({
    publicDir: false,
    build: { manifest: '.vite/console.json', emptyOutDir: false },
  }),
)
