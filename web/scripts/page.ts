import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { UserConfig } from 'vite'
import { lean } from './lean.ts'

/**
 * How each page is built: in a run of its own, so that no page pays for what only another one needs. Modules that match
 * `later` stay out of what is needed at the start.
 */
export const page = (name: string, later = /^$/): UserConfig => ({
  plugins: [svelte(), lean()],
  define: { __VERSION__: JSON.stringify(process.env['npm_package_version'] ?? '0.0.0') },
  build: {
    target: ['chrome111', 'safari16.4'],
    // One style sheet and no lists of what to fetch ahead: what is needed at the start is named in the page.
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
      input: { [name]: `${name}.html` },
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      // What a page needs at its start is one file: many small ones compress worse and cost a round trip each.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'start', tags: ['$initial'], test: (id: string) => !later.test(id) }],
        },
      },
    },
  },
})
