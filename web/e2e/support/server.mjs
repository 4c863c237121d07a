// The real server on a free port, with a fresh data folder and a clock that can be put forward.

import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { files } from './city.mjs'
import { startProxy } from './proxy.mjs'

const root = new URL('../../..', import.meta.url).pathname
const BINARY = process.env.HADIR_BIN ?? join(root, 'target/debug/hadir')
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find(existsSync)
const START_MS = 20_000

/** `settings` are further settings of the server, `more` further people of the city; see `files`. */
export async function startServer({ settings = {}, more } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hadir-e2e-'))
  const clock = join(folder, 'clock')
  const setClock = (seconds) => writeFileSync(clock, `+${seconds}\n`)
  setClock(0)
  const env = {
    ...settingsAside(),
    HADIR_DATA_DIR: join(folder, 'data'),
    HADIR_LISTEN: '127.0.0.1:0',
    NO_COLOR: '1',
    ...settings,
  }
  const began = new Date()
  await importCity(folder, env, files(began, more))
  const child = spawn(BINARY, ['serve'], {
    env: { ...env, ...fakeClock(clock) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = []
  const direct = await listening(child, log)
  const proxy = await startProxy(direct)
  let ahead = 0
  return {
    url: proxy.url,
    direct,
    proxy,
    log,
    /** When it began: the zones of the city's units are of that hour. */
    began,
    /** How far the server's clock is ahead of the real one, milliseconds. */
    ahead: () => ahead * 1000,
    /** Its answers carry a date that is renewed twice a second, so it takes a moment. */
    async putForward(seconds) {
      ahead += seconds
      setClock(ahead)
      await sleep(1200)
    },
    async stop() {
      await proxy.stop()
      const over = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null) {
        child.kill('SIGKILL')
        await over
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The environment without settings of the server: it takes every HADIR_ variable for one. */
const settingsAside = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HADIR_')))

async function importCity(folder, env, city) {
  const paths = city.map(([name, text]) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  })
  await promisify(execFile)(BINARY, ['import', ...paths], { env })
}

/** Only what asks for the time of day is put forward; waiting and timing stay real. */
function fakeClock(file) {
  if (!FAKETIME) throw new Error('libfaketime is missing: install the Debian package faketime')
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
}

/** The server says where it listens; its log is kept for a test that fails. */
function listening(child, log) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${log.join('')}`)), START_MS)
    const hear = (chunk) => {
      log.push(String(chunk))
      const address = /listening address=(\S+)/.exec(log.join(''))?.[1]
      if (!address) return
      clearTimeout(timer)
      resolve(`http://${address}`)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log.join('')}`)))
  })
}
