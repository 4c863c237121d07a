import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { shellFiles } from './scripts/shell.mjs'

// The service worker is built after the pages, as one file without imports: it carries the list of what they need.
const files = shellFiles('dist', 'phone.html')
const digest = createHash('sha256')
for (const file of files)
  digest.update(file).update(readFileSync(`dist/${file === 'phone' ? 'phone.html' : file}`))

export default defineConfig({
  define: {
    __VERSION__: JSON.stringify(process.env['npm_package_version'] ?? '0.0.0'),
    __SHELL__: JSON.stringify(files.map((file) => `/${file}`)),
    __SHELL_ID__: JSON.stringify(digest.digest('hex').slice(0, 12)),
  },
  publicDir: false,
  build: {
    target: ['chrome111', 'safari16.4'],
    outDir: 'dist',
    emptyOutDir: false,
    lib: { entry: 'src/phone/app/sw.ts', formats: ['iife'], name: 'sw', fileName: () => 'sw.js' },
  },
})
