// A supervisor at the console: a browser of its own on a screen or a phone, and what is done there; and the cases that
// wait there, made by check-ins as phones send them.

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { signedIn } from './api.mjs'
import { hear } from './browser.mjs'
import { CHROMIUM } from './chromium.mjs'
import { HOME, PASSWORD, people, person, zoneOf } from './city.mjs'
import { DESK_SIZES } from './look.mjs'
import { photo } from './photos.mjs'

export const SCREEN = DESK_SIZES[2]

/** Whom the console's scenes have besides the city's people. */
export const house = {
  /** Supervises the same units as `people.supervisor`. */
  mate: person('197602022001012102', 'Hendra Gunawan', 'DINAS'),
  /** Supervises another unit, in which the stranger works. */
  neighbour: person('197603032001013103', 'Lestari Wulandari', 'TETANGGA'),
  stranger: person('198903032016033103', 'Fajar Nugroho', 'TETANGGA'),
  administrator: person('197604042001014104', 'Ratna Sari', 'KOTA'),
}
const FIRST = ['Adi', 'Bunga', 'Cahya', 'Dian', 'Eka', 'Fitri']
const LAST = ['Wijaya', 'Susanti', 'Hidayat', 'Maharani', 'Saputra']

/** So many employees of one unit, at most 30. */
export const team = (count) =>
  Array.from({ length: count }, (_, n) =>
    person(`1990010120160${String(31_000 + n)}`, `${FIRST[n % 6]} ${LAST[Math.floor(n / 6) % 5]}`, 'PAGI'),
  )

/** What `scene` is given for a city with the house and so many employees; `settings` as the server reads them. */
export const staffed = (count = 0, settings = {}) => ({
  settings,
  more: {
    people: [...Object.values(house), ...team(count)],
    roles: [
      [house.mate, 'supervisor', 'DINAS'],
      [house.neighbour, 'supervisor', 'TETANGGA'],
      [house.administrator, 'administrator'],
    ],
  },
})

/** Starts a browser at the console's sign-in; `touch` is a phone or tablet without keys. */
export async function startDesk(server, { who, size = SCREEN, touch = false }, look) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  const context = await browser.newContext({
    viewport: size,
    hasTouch: touch,
    isMobile: touch,
    locale: 'id-ID',
    timezoneId: zoneOf(who),
    reducedMotion: 'reduce',
  })
  const complaints = []
  await hear(context, server, complaints)
  const page = await context.newPage()
  return {
    who,
    context,
    page,
    complaints,
    /** Opens the console, or another part of it. */
    async open(hash = '') {
      await page.goto(`${server.url}/console${hash}`)
      await page.waitForSelector('h1')
    },
    async reload() {
      await page.reload()
      await page.waitForSelector('h1')
    },
    offline: (off = true) => context.setOffline(off),
    /** Looks as people with a desk would, at three widths. */
    look: (name, options) => look(page, name, { sizes: DESK_SIZES, ...options }),
    stop: () => browser.close(),
  }
}

/** Opens the console and signs in there. */
export async function arriveAt(desk, hash = '') {
  await desk.open(hash)
  await enter(desk.page, desk.who)
  await desk.page.locator('nav a, [data-state=no-role], main a[href="/phone"]').first().waitFor()
  await desk.page.locator('input[name=password]').waitFor({ state: 'detached' })
}

/** Types who it is and the password; after a sign-in has ended only the password is asked for. */
export async function enter(page, { nip }, password = PASSWORD) {
  await page.locator('input[name=password]').waitFor()
  const field = page.locator('input[name=nip]:not([type=hidden])')
  if (await field.count()) await field.fill(nip)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
}

export const rows = (page) => page.locator('a[data-review]')
/** The case on the desk. */
export const caseAt = (page) => page.locator('main.case').getAttribute('data-review')

/** Waits until a case can be decided: taken, and every photo of it there. */
export async function ready(page, review) {
  const main = review ? `main.case[data-review="${review}"]` : 'main.case[data-review]'
  await page.locator(`${main}[data-state=mine]`).waitFor()
  await page.locator(`${main} [role=group] .accept .main[aria-disabled=false]`).waitFor()
  return caseAt(page)
}

/** From the queue to its first case, by its main button. */
export async function begin(desk) {
  await arriveAt(desk, '#/queue')
  await rows(desk.page).first().waitFor()
  await desk.page.locator('main header a[href^="#/case/"]').click()
  return ready(desk.page)
}

/** Milliseconds from each key or tap to the frame with the next case, as the page noted them. */
export const painted = (page) =>
  page.evaluate(() => performance.getEntriesByName('case-shown').map(({ duration }) => duration))

/** Waits until the page has noted so many. */
export const paintedTimes = (page, count) =>
  page.waitForFunction((most) => performance.getEntriesByName('case-shown').length >= most, count)

/** Waits until the server has everything that was done. */
export const saved = (page) =>
  page.waitForFunction(() => !document.querySelector('[data-state=waiting].last, [data-state=sending].last'))

/** Median and worst, in whole milliseconds. */
export function summed(times) {
  const sorted = [...times].sort((a, b) => a - b).map(Math.round)
  return { median: sorted[Math.floor(sorted.length / 2)], worst: sorted.at(-1) }
}

// Check-ins.

let sent = 0

/**
 * Checks in as a phone does, without its key. `metres` north of home, `photo` which one, `captured` when, as a `Date`: a
 * capture that was kept meanwhile has no challenge. Gives the receipt.
 */
export async function checkIn(
  server,
  who,
  { slot = 'morning', metres = 0, accuracy = 18, photo: which = (sent % 60) + 1, captured } = {},
) {
  const { token, post } = await signedIn(server, who)
  const now = new Date(Date.now() + server.ahead())
  const { challenge } = captured ? {} : await post('/api/v1/challenges', { slot })
  const draft = {
    id: uuid(now),
    ...(challenge && { challenge }),
    sent_at: now.toISOString(),
    ...(captured && { captured_at: captured.toISOString() }),
    accuracy_basis: 'web',
    fixes: [fix(metres, accuracy, captured ?? now)],
  }
  sent += 1
  const form = new FormData()
  form.set('checkin', new Blob([JSON.stringify(draft)], { type: 'application/json' }))
  form.set('photo', new Blob([await readFile(await photo(which))], { type: 'image/jpeg' }), 'photo.jpg')
  const answer = await fetch(`${server.direct}/api/v1/presence/${slot}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`check-in of ${who.name}: ${answer.status} ${text}`)
  return JSON.parse(text).receipt
}

/** No two phones tell the very same place. */
function fix(metres, accuracy_m, at) {
  return {
    latitude: HOME.latitude + 0.000_012_3 + metres / 111_195,
    longitude: HOME.longitude + 1e-6 * (sent + 1),
    accuracy_m,
    fix_time: new Date(at.getTime() - 2000).toISOString(),
  }
}

/** A UUID of version 7. */
function uuid(now) {
  const hex = now.getTime().toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** Kinds of check-ins that somebody has to look at. */
export const KINDS = ['outside', 'coarse', 'dark', 'copy']

/** Each of these people sends a check-in that is flagged, for one cause after another. */
export async function seedCases(server, who, kinds = KINDS) {
  const cases = []
  for (const [n, one] of who.entries()) {
    const kind = kinds[n % kinds.length]
    const { checkin_id, verdict } = await checkIn(server, one, of(kind, n))
    if (verdict !== 'flagged') throw new Error(`a check-in of the kind ${kind} was ${verdict}`)
    cases.push({ who: one, kind, checkin: checkin_id })
  }
  return cases
}

function of(kind, n) {
  if (kind === 'outside') return { metres: 250 + 40 * n, photo: n + 1 }
  if (kind === 'coarse') return { accuracy: 500 + n, photo: n + 1 }
  if (kind === 'dark') return { photo: n < 32 ? ['dark', ...DARKS][Math.floor(n / 4)] : n + 1 }
  // The photo of the one before the one before it, who was somewhere else.
  return { photo: n - 2 }
}

const DARKS = [2, 3, 4, 5, 6, 7, 8].map((n) => `dark${n}`)

/** How every case stands, by its person's NIP, as the supervisor of the city reads it. */
export async function standing(server, who = people.supervisor) {
  const desk = await signedIn(server, who)
  const cases = new Map()
  for (const state of ['open', 'asked', 'appealed', 'decided']) {
    let after = ''
    do {
      const page = await desk.get(`/api/v1/reviews?scope=all&state=${state}&limit=100${after}`)
      for (const item of page.items) cases.set(item.person.nip, await desk.get(`/api/v1/reviews/${item.id}`))
      after = page.next && `&after=${encodeURIComponent(page.next)}`
    } while (after)
  }
  return cases
}

/** The decisions that a case has had, in order. */
export const decisionsOf = ({ history }) => history.filter(({ kind }) => kind === 'decided')
