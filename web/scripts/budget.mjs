import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { chunkFile, reachable } from './shell.mjs'

// What has to arrive before somebody can work with a page: its entry, what that imports, and one language.
const PAGES = [
  { name: 'phone', limit: 32 * 1024, manifest: 'manifest.json', words: ['core'] },
  { name: 'console', limit: 60 * 1024, manifest: 'console.json', words: ['common', 'session', 'console'] },
]
const DIST = 'dist'

const gzip = (file) => gzipSync(readFileSync(`${DIST}/${file}`), { level: 9 }).length
const kb = (bytes) => `${(bytes / 1024).toFixed(2).padStart(7)} kB`
const sum = (files) => files.reduce((total, file) => total + gzip(file), 0)

/** Prints what a page is made of; whether it keeps to its limit. */
function measure({ name, limit, manifest, words }) {
  const scripts = (lazy) =>
    reachable(DIST, `${name}.html`, lazy, manifest).filter((file) => file.endsWith('.js'))
  const languages = words.map((subject) => chunkFile(DIST, `src/i18n/id/${subject}.ts`, manifest))
  const first = new Set([...scripts(false), ...languages])
  const all = scripts(true)
  for (const file of all) console.log(`${kb(gzip(file))}  ${first.has(file) ? 'first' : 'later'}  ${file}`)
  console.log(`${kb(sum(all))}  all script of the ${name} page`)
  console.log(`${kb(sum([...first]))}  to load it and begin; the limit is ${kb(limit).trim()}`)
  return sum([...first]) <= limit
}

const over = PAGES.filter((page) => !measure(page))
console.log(`${kb(gzip('sw.js'))}  apart  sw.js`)
for (const { name } of over) console.error(`the ${name} page is over its budget`)
if (over.length) process.exit(1)
