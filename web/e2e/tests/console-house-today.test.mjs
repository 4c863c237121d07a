// The day of a unit, as its supervisor sees it go by.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, team } from '../support/desk.mjs'
import { again, managed, to, untilClock } from '../support/house.mjs'
import { scene } from '../support/scene.mjs'

const [adi, bunga] = team(2)
const REFRESH_MS = 35_000

/** What a bar says: how many of each piece, and the remarks beside those received. */
const read = (bar) =>
  bar.evaluate((node) => ({
    ...Object.fromEntries(
      [...node.querySelectorAll('ul li')].map((item) => [
        item.querySelector('i').classList[0],
        Number(item.querySelector('strong').textContent),
      ]),
    ),
    remarks: [...(node.querySelector('ul .soft')?.textContent.matchAll(/\d+/g) ?? [])].map(Number),
  }))
const slot = (page, name) => page.locator(`main .totals [data-state=${name}]`)
const cell = (page, { name }, nth = 0) =>
  page.getByRole('row').filter({ hasText: name }).locator('td').nth(nth).locator('.cell')

/** Nobody is called missing anywhere on the screen. */
async function blames(page) {
  return page.locator('main .cell.missing, main i.missing').count()
}

/** Waits for the board of a unit. */
async function board(desk, unit, date = '') {
  await to(desk, `#/today/${unit}${date && `/${date}`}`)
  await slot(desk.page, 'morning').waitFor()
}

/** What stands above is what the people here and the units below come to, piece by piece. */
async function addsUp(page) {
  for (const name of ['morning', 'evening']) {
    const whole = await read(slot(page, name))
    const parts = await page.locator(`main .units .slot[data-state=${name}]`).all()
    const sums = await Promise.all(parts.map(read))
    const nth = name === 'morning' ? 0 : 1
    const own = await page
      .locator('main tbody tr')
      .evaluateAll(
        (rows, at) => rows.map((row) => row.querySelectorAll('td')[at]?.querySelector('.cell')?.classList[1]),
        nth,
      )
    for (const [piece, states] of Object.entries({
      received: ['received'],
      missing_yet: ['missing_yet'],
      missing: ['missing'],
      ahead: ['not_yet'],
      excused: ['excused'],
    })) {
      const here = own.filter((one) => states.includes(one)).length
      const below = sums.reduce((sum, part) => sum + (part[piece] ?? 0), 0)
      assert.equal(whole[piece] ?? 0, here + below, `${name}: ${piece}`)
    }
  }
}

scene(
  'the day of a unit goes from nobody missing to who was missed, and brings itself up to date',
  managed(2),
  async ({ server, desk }) => {
    const siti = await desk()
    const { page } = siti
    await arriveAt(siti, '#/today/PAGI')
    await slot(page, 'morning').waitFor()
    // While it is open, and before the evening's.
    assert.deepEqual(await read(slot(page, 'morning')), { missing_yet: 5, excused: 1, remarks: [] })
    assert.deepEqual(await read(slot(page, 'evening')), { ahead: 5, excused: 1, remarks: [] })
    assert.equal(await blames(page), 0)

    await checkIn(server, people.morning)
    await checkIn(server, people.colleague, { accuracy: 500 })
    await cell(page, people.colleague).locator('a[href^="#/case/"]').waitFor({ timeout: REFRESH_MS })
    assert.deepEqual(await read(slot(page, 'morning')), {
      received: 2,
      missing_yet: 3,
      excused: 1,
      remarks: [1],
    })
    await siti.look('open')

    await untilClock(server, people.morning, 10, 10)
    await checkIn(server, adi)
    await again(siti)
    await slot(page, 'morning').waitFor()
    assert.deepEqual(await read(slot(page, 'morning')), {
      received: 3,
      missing_yet: 2,
      excused: 1,
      remarks: [1, 1],
    })
    assert.equal(await blames(page), 0, 'its grace still runs')
    await cell(page, adi).getByText('terlambat').waitFor()

    await untilClock(server, people.morning, 10, 40)
    await again(siti)
    await slot(page, 'morning').waitFor()
    assert.deepEqual(await read(slot(page, 'morning')), {
      received: 3,
      missing: 2,
      excused: 1,
      remarks: [1, 1],
    })
    for (const [who, how] of [
      [people.morning, 'received'],
      [adi, 'received'],
      [bunga, 'missing'],
      [people.homeless, 'missing'],
      [people.onLeave, 'excused'],
    ])
      assert.match(await cell(page, who).getAttribute('class'), new RegExp(`\\b${how}\\b`), who.name)
    await siti.look('over')
    const rows = page.locator('main tbody tr')
    await page.locator('main input[value=missing]').check()
    assert.equal(await rows.count(), 2)
    await page.locator('main input[value=flagged]').check()
    assert.equal(await rows.count(), 1)
    await cell(page, people.colleague).locator('a').click()
    await page.waitForFunction(() => location.hash.startsWith('#/case/'))

    // The day after, before anything is open; and the day before, as it ended.
    await untilClock(server, people.morning, 4, 30)
    await again(siti)
    await board(siti, 'PAGI')
    assert.equal(await blames(page), 0)
    assert.deepEqual(await read(slot(page, 'morning')), { ahead: 5, excused: 1, remarks: [] })
    await page.locator('main .day button').first().click()
    await page.waitForFunction(() => /PAGI\/\d{4}-\d\d-\d\d$/.test(location.hash))
    await page.locator('main .cell.missing').first().waitFor()
    assert.deepEqual(await read(slot(page, 'morning')), {
      received: 3,
      missing: 2,
      excused: 1,
      remarks: [1, 1],
    })
    assert.deepEqual(await read(slot(page, 'evening')), { missing: 5, excused: 1, remarks: [] })
  },
)

scene(
  'a declared outage excuses, and the numbers of the units below add up',
  managed(3),
  async ({ server, desk }) => {
    const siti = await desk()
    const { page } = siti
    await checkIn(server, people.morning)
    await checkIn(server, people.colleague, { accuracy: 500 })
    await arriveAt(siti, '#/today/DINAS')
    await slot(page, 'morning').waitFor()
    await page.locator('main .units li').first().waitFor()
    await addsUp(page)
    await siti.look('department')
    await board(siti, 'PADAM')
    assert.deepEqual(await read(slot(page, 'morning')), { missing_yet: 1, remarks: [] })
    await state(page, 'incident').waitFor()

    await untilClock(server, people.morning, 10, 40)
    await again(siti)
    await slot(page, 'morning').waitFor()
    assert.deepEqual(await read(slot(page, 'morning')), { excused: 1, remarks: [] })
    await cell(page, people.inIncident).and(page.locator('.excused')).waitFor()
    await siti.look('outage')
    await board(siti, 'DINAS')
    await page.locator('main .units li').first().waitFor()
    await addsUp(page)
    // Down to a unit and up again by the names above.
    await page.locator('main .units a').filter({ hasText: 'Bidang Aplikasi' }).click()
    await page.waitForFunction(() => location.hash === '#/today/PAGI')
    await cell(page, people.morning).waitFor()
    await page.locator('main nav a').last().click()
    await page.waitForFunction(() => location.hash === '#/today/DINAS')

    const bambang = await desk({ who: people.second })
    await arriveAt(bambang, '#/today')
    await slot(bambang.page, 'morning').waitFor()
    await addsUp(bambang.page)
  },
)

scene('a board that cannot be brought up to date says of when it is', managed(), async ({ desk }) => {
  const siti = await desk()
  const { page } = siti
  await arriveAt(siti, '#/today/PAGI')
  await slot(page, 'morning').waitFor()
  await siti.offline()
  await state(page, 'stale').waitFor({ timeout: REFRESH_MS + 5_000 })
  await siti.look('stale', { brief: true })
  await siti.offline(false)
  await state(page, 'stale').getByRole('button').click()
  await state(page, 'stale').waitFor({ state: 'detached' })
})
