// Triage: thirty cases, one after another, with keys alone and with fingers alone.

import assert from 'node:assert/strict'
import { tabTo } from '../support/acts.mjs'
import { PASSWORD, people } from '../support/city.mjs'
import {
  arriveAt,
  decisionsOf,
  painted,
  paintedTimes,
  ready,
  rows,
  saved,
  seedCases,
  staffed,
  standing,
  summed,
  team,
} from '../support/desk.mjs'
import { SMALL } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

const COUNT = 30
const REJECT = ['not_at_place', 'not_the_person', 'photo_not_now', 'photo_unreadable', 'position_not_genuine']

/** What is decided about the nth case: two are accepted, then one is rejected for one reason after another. */
const rulingOf = (n, suggested) =>
  n % 3 === 2
    ? { decision: 'reject', reason_code: REJECT[Math.floor(n / 3) % 5] }
    : { decision: 'accept', reason_code: suggested }

/** Every case was decided once, as it was meant, by the supervisor. */
async function readBack(server, meant) {
  const cases = await standing(server)
  assert.equal(cases.size, COUNT)
  const found = new Map([...cases.values()].map((view) => [view.id, view]))
  for (const [review, ruling] of meant) {
    const { state, ruling: is, history, person } = found.get(review)
    assert.equal(state, 'decided', person.name)
    assert.deepEqual({ decision: is.decision, reason_code: is.reason_code }, ruling, person.name)
    assert.equal(decisionsOf({ history }).length, 1, person.name)
    assert.equal(decisionsOf({ history })[0].actor, people.supervisor.name)
  }
}

const suggestions = async (server) =>
  new Map([...(await standing(server)).values()].map(({ id, suggested_reason: code }) => [id, code]))

/** Decides what lies on the desk, again and again; gives what was meant by case, and how long each next one took. */
async function workThrough(page, suggested, decide) {
  const meant = new Map()
  // The first case is opened from the queue.
  await paintedTimes(page, 1)
  for (let n = 0; n < COUNT; n++) {
    const review = await ready(page)
    assert.ok(!meant.has(review), 'no case comes twice')
    const ruling = rulingOf(n, suggested.get(review))
    meant.set(review, ruling)
    await decide(ruling)
    if (n < COUNT - 1) {
      await page.waitForFunction(
        (before) => document.querySelector('main.case')?.dataset.review !== before,
        review,
      )
      await paintedTimes(page, n + 2)
    }
  }
  return { meant, times: (await painted(page)).slice(1) }
}

async function emptyAtLast({ page, look }) {
  await page.waitForFunction(() => location.hash === '#/queue')
  await saved(page)
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  assert.equal(await rows(page).count(), 0)
  await look('done', { brief: true })
}

const told = (how, times) => {
  const { median, worst } = summed(times)
  console.log(
    `        ${how}: ${times.length} times to the next case, median ${median} ms, worst ${worst} ms`,
  )
}

scene('thirty cases are decided with keys alone, at most two for each', staffed(COUNT), async (all) => {
  const { server, desk } = all
  await seedCases(server, team(COUNT))
  const suggested = await suggestions(server)
  const siti = await desk()
  const { page } = siti
  const keys = page.keyboard
  await siti.open()
  await tabTo(page, 'input[name=nip]')
  await keys.type(people.supervisor.nip)
  await tabTo(page, 'input[name=password]')
  await keys.type(PASSWORD)
  await keys.press('Enter')
  await rows(page).first().waitFor()
  await keys.press('j')
  await keys.press('Enter')
  let presses = 0
  const press = async (key) => {
    presses += 1
    await keys.press(key)
  }
  const { meant, times } = await workThrough(page, suggested, async ({ decision, reason_code }) => {
    if (decision === 'accept') return press('a')
    await press('x')
    await press(String(REJECT.indexOf(reason_code) + 1))
  })
  assert.equal(presses, 40, 'twenty with one key, ten with two')
  await emptyAtLast(siti)
  await readBack(server, meant)
  told('keys', times)
})

/** What can be touched and is smaller than a finger, of what is in sight of the screen or a dialog. */
const tooSmall = (page) =>
  page.evaluate(() => {
    const root = document.querySelector('dialog[open]') ?? document.querySelector('main')
    const controls = root.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab]')
    return [...controls]
      .map((one) => {
        // A box that is ticked is touched by its label.
        const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
        return { width, height, what: one.outerHTML.slice(0, 100) }
      })
      .filter(({ width, height }) => width > 0 && height > 0 && Math.min(width, height) < 43.9)
      .map(({ width, height, what }) => `${Math.round(width)}x${Math.round(height)} ${what}`)
  })

scene('thirty cases are decided with fingers alone on a phone', staffed(COUNT), async ({ server, desk }) => {
  await seedCases(server, team(COUNT))
  const suggested = await suggestions(server)
  const siti = await desk({ size: SMALL, touch: true })
  const { page } = siti
  await arriveAt(siti, '#/queue')
  await rows(page).first().waitFor()
  assert.deepEqual(await tooSmall(page), [])
  await rows(page).first().tap()
  await ready(page)
  assert.deepEqual(await tooSmall(page), [])
  for (const button of ['.reject', '.more']) {
    await page.locator(`.actions ${button}`).tap()
    await page.locator('dialog[open] li button').first().waitFor()
    assert.deepEqual(await tooSmall(page), [])
    await page.locator('dialog[open] header button').tap()
    await page
      .locator('dialog[open]')
      .waitFor({ state: 'detached' })
      .catch(() => undefined)
  }
  const { meant, times } = await workThrough(page, suggested, async ({ decision, reason_code }) => {
    if (decision === 'accept') return page.locator('.accept .main').tap()
    await page.locator('.actions .reject').tap()
    await page.locator('dialog[open] li button').nth(REJECT.indexOf(reason_code)).tap()
  })
  await emptyAtLast(siti)
  await readBack(server, meant)
  told('fingers', times)
})
