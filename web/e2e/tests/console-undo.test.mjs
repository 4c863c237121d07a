// A slip is taken back within a minute.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { signedIn } from '../support/api.mjs'
import { begin, ready, rows, saved, seedCases, staffed, standing, team } from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

/** How the morning stands in the person's own record. */
const ownRecord = async (server, who) =>
  (await (await signedIn(server, who)).get('/api/v1/me/today')).slots[0].presence

const kindsOf = ({ history }) => history.map(({ kind }) => kind)

scene('a slip is taken back with a key, in a later case and in the queue', staffed(3), async (all) => {
  const { server, desk } = all
  const [one] = await seedCases(server, team(3))
  const before = await ownRecord(server, one.who)
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  await page.keyboard.press('x')
  await page.locator('dialog[open]').waitFor()
  await page.keyboard.press('1')
  await ready(page)
  await state(page, 'done').waitFor()
  assert.equal((await ownRecord(server, one.who)).decision, 'reject')
  await siti.look('done')
  // Somewhere else for a while.
  await page.keyboard.press('j')
  await page.waitForTimeout(8000)
  await page.keyboard.press('z')
  await ready(page, review)
  assert.deepEqual(await ownRecord(server, one.who), before, 'as if nothing had been')
  assert.equal((await standing(server)).get(one.who.nip).state, 'open')
  await page.keyboard.press('a')
  await ready(page)
  await state(page, 'done').waitFor()
  await page.keyboard.press('/')
  await rows(page).first().waitFor()
  await page.keyboard.press('/')
  await page.locator('select:focus').waitFor()
  // Letters are for the field now.
  await page.keyboard.press('z')
  assert.equal((await standing(server)).get(one.who.nip).state, 'decided')
  await page.locator('h1').focus()
  await page.keyboard.press('z')
  await ready(page, review)
  const found = (await standing(server)).get(one.who.nip)
  assert.equal(found.state, 'open')
  assert.deepEqual(kindsOf(found), ['opened', 'claimed', 'decided', 'undone', 'decided', 'undone'])
})

scene(
  'a slip is taken back with the pointer, and the person reads that nothing stands',
  staffed(2),
  async (all) => {
    const { server, desk, phone } = all
    const [one] = await seedCases(server, team(2))
    const siti = await desk()
    const { page } = siti
    const review = await begin(siti)
    await page.locator('.accept .main').click()
    await state(page, 'done').locator('button').click()
    await ready(page, review)
    assert.equal(await state(page, 'done').count(), 0, 'there is nothing more to take back')
    const dewi = await phone({ who: one.who })
    await dewi.open(`#/checkin/${one.checkin}`)
    await dewi.page.locator('input[name=nip]').fill(one.who.nip)
    await dewi.page.locator('input[name=password]').fill('kata-sandi-uji')
    await dewi.page.locator('button[type=submit]').click()
    await dewi.page.locator('.frame[data-state=shown]').first().waitFor()
    assert.equal(await dewi.page.locator('[data-state^=ruled]').count(), 0)
  },
)

scene('after a minute a decision stands, and that is said', staffed(2), async ({ server, desk }) => {
  const [one] = await seedCases(server, team(2))
  const siti = await desk()
  const { page } = siti
  await begin(siti)
  await page.keyboard.press('a')
  await saved(page)
  await state(page, 'done').waitFor()
  await server.putForward(61)
  await page.keyboard.press('z')
  const trouble = state(page, 'trouble')
  await trouble.waitFor()
  assert.match(await trouble.innerText(), new RegExp(one.who.name))
  await siti.look('too-late')
  assert.deepEqual(kindsOf((await standing(server)).get(one.who.nip)), ['opened', 'claimed', 'decided'])
})
