import type { Plugin } from 'vite'

// The pages are drawn in the browser only, with runes only. Saying so as constants lets the bundler leave out
// Svelte's hydration, legacy and tracing code: a good part of what a cheap phone would have to fetch and parse.
const FIXED: Record<string, [from: RegExp, to: string][]> = {
  'client/dom/hydration.js': [
    [/export let hydrating = false;/, 'export const hydrating = false;'],
    [/hydrating = value;/, ''],
  ],
  'flags/index.js': [
    [/export let (\w+_flag) = false;/g, 'export const $1 = false;'],
    [/^\t\w+_flag = (true|false);$/gm, ''],
  ],
}

// Parts that only screens loaded later use: a module without effects need not come with the rest.
export const LATER =
  /svelte\/src\/internal\/client\/dom\/(elements\/bindings\/(input|select)|blocks\/await)\.js$/

// With one style sheet and no preloading, Vite's helper around each `import()` has nothing to do.
const PLAIN_IMPORT = 'export const __vitePreload = (load) => load()'

/** Fails the build when a new Svelte no longer looks as expected, rather than growing in silence. */
export function lean(): Plugin {
  return {
    name: 'lean',
    apply: 'build',
    transform(code, id) {
      if (id.endsWith('vite/preload-helper.js')) return PLAIN_IMPORT
      if (LATER.test(id)) return { code, moduleSideEffects: false }
      const file = id.split('/svelte/src/internal/')[1]
      const changes = file ? FIXED[file] : undefined
      if (!changes) return undefined
      return changes.reduce((text, [from, to]) => {
        if (text.search(from) < 0) throw new Error(`${file} has no ${from}`)
        return text.replace(from, to)
      }, code)
    },
  }
}
