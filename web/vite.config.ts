import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { LATER, lean } from './scripts/lean.ts'

// One HTML entry a page; `phone.html` is the first of them.
export default defineConfig({
  plugins: [svelte(), lean()],
  define: { __VERSION__: JSON.stringify(process.env['npm_package_version'] ?? '0.0.0') },
  build: {
    target: ['chrome111', 'safari16.4'],
    manifest: true,
    // One style sheet and no lists of what to fetch ahead: the service worker has it all after the first visit.
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    minify: 'terser',
    terserOptions: {
      module: true,
      ecma: 2020,
      compress: { passes: 4, unsafe_arrows: true, unsafe_methods: true },
    },
    rolldownOptions: {
      input: { phone: 'phone.html' },
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      // What a page needs at its start is one file: many small ones compress worse and cost a round trip each.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'start', tags: ['$initial'], test: (id) => !LATER.test(id) }],
        },
      },
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
