// A test with a server, phones and consoles of its own; all of it is gone at its end, and nothing may have complained
// meanwhile.

import { test } from 'node:test'
import { people } from './city.mjs'
import { startDesk } from './desk.mjs'
import { assertNothing, looker } from './look.mjs'
import { startPhone } from './phone.mjs'
import { startServer } from './server.mjs'

const LONGEST_MS = 180_000
/** How often a scene that failed is played anew, from nothing: a busy machine makes races that are no fault of the pages. */
const AGAIN = Number(process.env.AGAIN ?? 0)

/**
 * `play` gets the server, `phone(options)` and `desk(options)` that start a phone and a console, and `look(page, name)`.
 * Before it may come what the server is started with; see `startServer`.
 */
export function scene(name, ...given) {
  const play = given.pop()
  test(name, async (context) => {
    for (let again = AGAIN; ; again--) {
      try {
        return await once(name, given[0], play)
      } catch (error) {
        if (!again) throw error
        context.diagnostic(String(error?.stack ?? error))
      }
    }
  })
}

async function once(name, options, play) {
  const server = await startServer(options)
  const started = []
  const faults = []
  const look = looker(name, faults)
  const opened = async (one) => {
    started.push(await one)
    return one
  }
  const phone = (options = {}) => opened(startPhone(server, { who: people.morning, ...options }))
  const desk = (options = {}) => opened(startDesk(server, { who: people.supervisor, ...options }, look))
  try {
    await inTime(play({ server, phone, desk, look }))
    assertNothing([...faults, ...started.flatMap(({ complaints }) => complaints)])
  } catch (error) {
    await keepLast(started, name)
    throw error
  } finally {
    for (const one of started) await one.stop()
    await server.stop()
  }
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
async function keepLast(started, name) {
  const file = name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)
  for (const [index, { page }] of started.entries()) {
    const path = new URL(`../out/failed/${file}-${index}.png`, import.meta.url).pathname
    await page.screenshot({ path }).catch(() => undefined)
  }
}
