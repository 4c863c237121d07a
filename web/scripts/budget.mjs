import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { chunkFile, reachable } from './shell.mjs'

// What has to arrive before somebody can check in: the entry, what it imports, and one language.
const LIMIT = 32 * 1024
const DIST = 'dist'
const LANGUAGE = 'src/i18n/id/core.ts'

const gzip = (file) => gzipSync(readFileSync(`${DIST}/${file}`), { level: 9 }).length
const kb = (bytes) => `${(bytes / 1024).toFixed(2).padStart(7)} kB`
const scripts = (lazy) => reachable(DIST, 'phone.html', lazy).filter((file) => file.endsWith('.js'))
const sum = (files) => files.reduce((total, file) => total + gzip(file), 0)

const first = new Set([...scripts(false), chunkFile(DIST, LANGUAGE)])
const all = scripts(true)
for (const file of all) console.log(`${kb(gzip(file))}  ${first.has(file) ? 'first' : 'later'}  ${file}`)
console.log(`${kb(gzip('sw.js'))}  apart  sw.js`)
console.log(`${kb(sum(all))}  all script of the phone page`)
console.log(`${kb(sum([...first]))}  to load it and check in; the limit is ${kb(LIMIT).trim()}`)
if (sum([...first]) > LIMIT) {
  console.error('the phone page is over its budget')
  process.exit(1)
}
