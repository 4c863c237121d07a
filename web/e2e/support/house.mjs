// What the scenes of the house share: who manages it, how days go by, and how a form is filled in.

import { zoneOf, person } from './city.mjs'
import { enter, staffed } from './desk.mjs'

/** The second administrator: what one of the two proposes, the other one decides. */
export const chief = person('197805052003012105', 'Yohana Kambu', 'KOTA')

/** What `scene` is given for a city with both administrators and so many employees. */
export function managed(count = 0) {
  const { settings, more } = staffed(count)
  const { people, roles } = more
  return {
    settings,
    more: { people: [...people, chief], roles: [...roles, [chief, 'administrator']] },
  }
}

/** The clock of a person's unit goes on to the next time that it shows this. */
export async function untilClock(server, who, hours, minutes = 0) {
  const now = new Date(Date.now() + server.ahead())
  const [h, m, s] = now
    .toLocaleTimeString('en-GB', { timeZone: zoneOf(who, server.began) })
    .split(':')
    .map(Number)
  const seconds = (hours * 60 + minutes) * 60 - (h * 60 + m) * 60 - s
  await server.putForward(seconds > 0 ? seconds : seconds + 86_400)
}

/** The civil date for a person, so many days from now. */
export const dateOf = (server, who, days = 0) =>
  new Date(Date.now() + server.ahead() + days * 86_400_000).toLocaleDateString('en-CA', {
    timeZone: zoneOf(who, server.began),
  })

/** Opens the console anew, where it stood; signs in again when the sign-in has ended meanwhile. */
export async function again({ page, who }) {
  await page.reload()
  await page.locator('input[name=password], nav a, main a[href="/phone"]').first().waitFor()
  if (await page.locator('input[name=password]').count()) await enter(page, who)
  await page.locator('nav a, main a[href="/phone"]').first().waitFor()
  await page.locator('input[name=password]').waitFor({ state: 'detached' })
}

/** Goes to another part of the console without loading it anew. */
export async function to({ page }, hash) {
  await page.evaluate((next) => (location.hash = next), hash)
  await page.locator('main[aria-busy=false] h1').waitFor()
}

/** The names of the parts that somebody is offered. */
export const offered = (page) =>
  page.locator('nav a[href^="#/"]').evaluateAll((links) => links.map((link) => link.hash.slice(2)))

/** A field by its label, whether it may stay empty or not. */
export const field = (form, label) => form.getByLabel(new RegExp(`^${label}( \\(.+\\))?$`))

/** Fills fields by their labels: text, a choice by its value, a box by whether it is ticked. */
export async function fill(form, values) {
  for (const [label, value] of Object.entries(values)) {
    const one = field(form, label)
    if (typeof value === 'boolean') await one.setChecked(value)
    else if ((await one.evaluate((node) => node.tagName)) === 'SELECT') await one.selectOption(value)
    else await one.fill(value)
  }
}

/** How an address of the API answers somebody. */
export async function status(server, { token }, method, path, body) {
  const answer = await fetch(`${server.direct}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** How a sign-in with this password ends. */
export async function signInStatus(server, nip, password) {
  const answer = await fetch(`${server.direct}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nip, password }),
  })
  await answer.arrayBuffer()
  return answer.status
}
