// Two supervisors at one queue: nothing is decided twice, and whoever is too late is told by whom it was done.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { decide, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import {
  arriveAt,
  begin,
  caseAt,
  decisionsOf,
  house,
  ready,
  rows,
  saved,
  seedCases,
  staffed,
  standing,
  team,
} from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

const POLL_MS = 5000

/** Accepts whatever comes until the queue is done; goes on from what somebody else has open. Gives how many. */
async function workOff({ page }) {
  let count = 0
  for (;;) {
    const at = await page.evaluate(() => {
      if (location.hash === '#/queue') return 'over'
      const main = document.querySelector('main.case')
      const able = main?.querySelector('.accept .main')?.getAttribute('aria-disabled') === 'false'
      return main?.dataset.state === 'mine' ? (able ? 'able' : 'waits') : main?.dataset.state
    })
    if (at === 'over') break
    if (at === 'able') {
      count += 1
      await page.keyboard.press('a')
    } else if (at === 'held') {
      await page.keyboard.press('s')
    }
    await page.waitForTimeout(60)
  }
  await saved(page)
  return count
}

scene('two supervisors empty one queue at the same time', staffed(12), async ({ server, desk }) => {
  await seedCases(server, team(12))
  const [siti, hendra] = [await desk(), await desk({ who: house.mate })]
  await Promise.all([siti, hendra].map((one) => arriveAt(one, '#/queue')))
  await Promise.all(
    [siti, hendra].map(async ({ page }) => {
      await rows(page).first().waitFor()
      await rows(page).first().click()
      await page.locator('main.case[data-state=mine], main.case[data-state=held]').waitFor()
    }),
  )
  const counts = await Promise.all([siti, hendra].map(workOff))
  const cases = [...(await standing(server)).values()]
  assert.deepEqual(
    cases.map((one) => [one.state, decisionsOf(one).length]),
    cases.map(() => ['decided', 1]),
  )
  for (const { who } of [siti, hendra])
    assert.ok(
      cases.some((one) => decisionsOf(one)[0].actor === who.name),
      `${who.name} decided some`,
    )
  assert.ok(counts[0] + counts[1] >= 12)
})

scene('who has a case open is seen by the other, by name', staffed(3), async ({ server, desk }) => {
  await seedCases(server, team(3))
  const [siti, hendra] = [await desk(), await desk({ who: house.mate })]
  await arriveAt(hendra, '#/queue')
  await rows(hendra.page).first().waitFor()
  const review = await begin(siti)
  const row = hendra.page.locator(`a[data-review="${review}"]`)
  await row.getByText(people.supervisor.name).waitFor({ timeout: POLL_MS + 1500 })
  await hendra.look('held-in-queue')
  await row.click()
  await state(hendra.page, 'held').getByText(people.supervisor.name).first().waitFor()
  await hendra.look('held')
  await hendra.page.keyboard.press('a')
  assert.equal(await hendra.page.locator('.told').getByText(people.supervisor.name).count(), 1)
  assert.equal((await standing(server)).size, 3)
  // It goes on without being asked to once it is free.
  await siti.page.keyboard.press('j')
  assert.notEqual(await ready(siti.page), review)
  await hendra.page
    .locator(`main.case[data-review="${review}"][data-state=mine]`)
    .waitFor({ timeout: 40_000 })
})

scene('a decision that comes too late is not recorded, and says who was faster', staffed(2), async (all) => {
  const { server, desk } = all
  await seedCases(server, team(2))
  const siti = await desk()
  const review = await begin(siti)
  await siti.offline()
  // Nobody hears of them for longer than a case is kept for anybody.
  await server.putForward(700)
  await decide(await signedIn(server, house.mate), review, 'reject', 'not_at_place')
  await siti.page.keyboard.press('a')
  assert.notEqual(await caseAt(siti.page), review, 'the next case is shown at once')
  await siti.offline(false)
  const trouble = state(siti.page, 'trouble')
  await trouble.waitFor({ timeout: 30_000 })
  assert.match(await trouble.innerText(), new RegExp(house.mate.name))
  await siti.look('too-late')
  const found = [...(await standing(server)).values()].find(({ id }) => id === review)
  assert.deepEqual(
    decisionsOf(found).map(({ actor }) => actor),
    [house.mate.name],
  )
  assert.equal(found.ruling.decision, 'reject')
})
