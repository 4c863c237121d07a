// A network that fails in the middle of a decision: nothing is shown as done that is not, and nothing is lost.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import {
  begin,
  caseAt,
  decisionsOf,
  ready,
  rows,
  saved,
  seedCases,
  staffed,
  standing,
  team,
} from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

const decisions = ({ method, path }) => method === 'POST' && path.endsWith('/decision')
const byId = async (server, review) => [...(await standing(server)).values()].find(({ id }) => id === review)

scene('an answer that is lost after the server has it is found, and counts once', staffed(2), async (all) => {
  const { server, desk } = all
  await seedCases(server, team(2))
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  server.proxy.harm({ match: decisions, lose: true, times: 1 })
  await page.keyboard.press('a')
  await page.locator('.last[data-state=sending]').waitFor()
  await siti.look('saving', { brief: true })
  await state(page, 'done').waitFor()
  assert.equal(server.proxy.seen.filter(decisions).length, 1, 'it was not sent again')
  const found = await byId(server, review)
  assert.equal(decisionsOf(found).length, 1)
  await page.keyboard.press('z')
  await ready(page, review)
})

scene('a server that is busy gets the decision a little later', staffed(2), async ({ server, desk }) => {
  await seedCases(server, team(2))
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  const busy = {
    code: 'busy',
    title: 'busy',
    status: 503,
    detail: 'd',
    action: { id: 'Tunggu.', en: 'Wait.' },
  }
  server.proxy.harm({ match: decisions, instead: { status: 503, body: busy }, times: 2 })
  await page.keyboard.press('a')
  await state(page, 'done').waitFor({ timeout: 20_000 })
  assert.equal(decisionsOf(await byId(server, review)).length, 1)
})

scene('what cannot be sent comes back, and is sent when the network does', staffed(4), async (all) => {
  const { server, desk } = all
  await seedCases(server, team(4))
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  await page.waitForTimeout(1500)
  await siti.offline()
  await page.keyboard.press('x')
  await page.locator('dialog[open] li button').first().waitFor()
  await page.keyboard.press('2')
  assert.notEqual(await caseAt(page), review)
  await page.locator('.last[data-state=sending]').waitFor()
  await siti.look('offline', { brief: true })
  assert.equal((await byId(server, review)).state, 'open')
  assert.equal(await state(page, 'done').count(), 0, 'it is not shown as done')
  const trouble = state(page, 'trouble')
  await trouble.waitFor({ timeout: 90_000 })
  await siti.look('not-recorded', { brief: true })
  await page.keyboard.press('/')
  await page.locator(`a[data-review="${review}"]`).waitFor()
  await siti.offline(false)
  await trouble.locator('button').first().click()
  await page.waitForFunction((id) => !document.querySelector(`a[data-review="${id}"]`), review, {
    timeout: 20_000,
  })
  await saved(page)
  const found = await byId(server, review)
  assert.deepEqual(
    [decisionsOf(found).length, found.ruling.decision, found.ruling.reason_code],
    [1, 'reject', 'not_the_person'],
  )
  assert.equal(await rows(page).count(), 3)
})

scene('a case that cannot be read says so, and opens when the network is back', staffed(1), async (all) => {
  const { server, desk } = all
  await seedCases(server, team(1))
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  await siti.open('#/queue')
  await rows(page).first().waitFor()
  await siti.offline()
  await rows(page).first().click()
  await page.locator('main.case .notice').first().waitFor({ timeout: 15_000 })
  await siti.look('unread', { brief: true })
  await siti.offline(false)
  await page.locator('main.case .notice button').last().click()
  assert.equal(await ready(page, review), review)
})
