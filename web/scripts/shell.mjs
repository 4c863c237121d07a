import { readFileSync } from 'node:fs'

/** Everything a page may load, lazy chunks included, and what a start without network needs besides. */
export function shellFiles(dist, page) {
  return [
    'phone',
    'manifest.webmanifest',
    'icons/icon.svg',
    'icons/icon-192.png',
    ...reachable(dist, page, true),
  ]
}

/** Files that a page's HTML names and those they import; with `lazy`, also those they may import later. */
export function reachable(dist, page, lazy, list = 'manifest.json') {
  const manifest = manifestOf(dist, list)
  const chunkOf = new Map(Object.values(manifest).map((chunk) => [chunk.file, chunk]))
  const html = readFileSync(`${dist}/${page}`, 'utf8')
  const files = new Set()
  const visit = (file) => {
    if (files.has(file)) return
    files.add(file)
    const chunk = chunkOf.get(file) ?? {}
    const next = [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])]
    for (const css of chunk.css ?? []) files.add(css)
    for (const key of next) visit(manifest[key].file)
  }
  for (const [, file] of html.matchAll(/"\/(assets\/[^"]+)"/g)) visit(file)
  return [...files].sort()
}

/** The file that a source became. */
export const chunkFile = (dist, source, list = 'manifest.json') => manifestOf(dist, list)[source].file

/** Each page has a list of its own of what it is made of. */
const manifestOf = (dist, list) => JSON.parse(readFileSync(`${dist}/.vite/${list}`, 'utf8'))
