// Runs the browser tests one after another, each with a server and a browser of its own. An argument is a part of the
// names of the files to run, or else of the tests.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CHROMIUM } from './support/chromium.mjs'

const here = new URL('.', import.meta.url).pathname
const patterns = process.argv.slice(2)
for (const folder of ['screens', 'failed']) {
  if (!patterns.length) rmSync(join(here, 'out', folder), { recursive: true, force: true })
  mkdirSync(join(here, 'out', folder), { recursive: true })
}
console.log(`browser: ${CHROMIUM}`)
const all = readdirSync(join(here, 'tests')).filter((name) => name.endsWith('.test.mjs'))
const inFile = (name) => patterns.filter((pattern) => name.includes(pattern.toLowerCase()))
const chosen = all.filter((name) => inFile(name).length)
const files = (chosen.length ? chosen : all).map((name) => join(here, 'tests', name))
const names = patterns
  .filter((pattern) => !all.some((name) => inFile(name).includes(pattern)))
  .map((pattern) => `--test-name-pattern=/${pattern.replace(/[/\\^$.*+?()[\]{}|]/g, '\\$&')}/i`)
const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-concurrency=1',
    `--test-reporter=${join(here, 'support/reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...names,
    ...files,
  ],
  { stdio: 'inherit' },
)
console.log(`screenshots: ${join(here, 'out/screens')}`)
process.exit(status ?? 1)
