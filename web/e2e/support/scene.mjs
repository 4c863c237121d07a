// A test with a server and phones of its own; all of it is gone at its end, and nothing may have complained meanwhile.

import { test } from 'node:test'
import { people } from './city.mjs'
import { assertNothing, looker } from './look.mjs'
import { startPhone } from './phone.mjs'
import { startServer } from './server.mjs'

const LONGEST_MS = 180_000

/** `play` gets the server, `phone(options)` that starts one, and `look(page, name)`. */
export function scene(name, play) {
  test(name, async () => {
    const server = await startServer()
    const phones = []
    const faults = []
    const phone = async (options = {}) => {
      const started = await startPhone(server, { who: people.morning, ...options })
      phones.push(started)
      return started
    }
    try {
      await inTime(play({ server, phone, look: looker(name, faults) }))
      assertNothing([...faults, ...phones.flatMap(({ complaints }) => complaints)])
    } catch (error) {
      await keepLast(phones, name)
      throw error
    } finally {
      for (const started of phones) await started.stop()
      await server.stop()
    }
  })
}

/** A test that hangs has failed, and is cleaned up after as any other. */
async function inTime(playing) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LONGEST_MS / 1000} s`)), LONGEST_MS)
  })
  try {
    await Promise.race([playing, late])
  } finally {
    clearTimeout(timer)
    playing.catch(() => undefined)
  }
}

/** A picture of where a failed test stood. */
async function keepLast(phones, name) {
  const file = name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)
  for (const [index, { page }] of phones.entries()) {
    const path = new URL(`../out/failed/${file}-${index}.png`, import.meta.url).pathname
    await page.screenshot({ path }).catch(() => undefined)
  }
}
