// Who gets in, who does not, and what is kept when a sign-in ends.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import {
  arriveAt,
  begin,
  checkIn,
  enter,
  house,
  ready,
  rows,
  saved,
  staffed,
  standing,
} from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

/** A case of the city's first unit. */
async function oneCase(server) {
  const { checkin_id: checkin } = await checkIn(server, people.morning, { metres: 300, photo: 1 })
  return { checkin, review: (await standing(server)).get(people.morning.nip).id }
}

/** What the server answered to anything about a case or a photo. */
const answeredWith = (server, ...ids) =>
  server.proxy.seen.filter(({ path }) => ids.some((id) => path.includes(id))).map(({ status }) => status)

scene('a case of another unit is not there for a neighbour, who is told kindly', staffed(), async (all) => {
  const { server, desk } = all
  const { review, checkin } = await oneCase(server)
  const lestari = await desk({ who: house.neighbour })
  const { page } = lestari
  await arriveAt(lestari, '#/queue')
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  assert.equal(await rows(page).count(), 0)
  await lestari.look('nothing-waits')
  await lestari.open(`#/case/${review}`)
  await state(page, 'not-there').waitFor()
  await lestari.look('not-there')
  assert.equal(await page.locator('.actions').count(), 0, 'there is nothing to decide')
  assert.equal(await page.locator('main img, main .frame').count(), 0)
  assert.ok(answeredWith(server, review, checkin).every((status) => status === 404))
  const neighbour = await signedIn(server, house.neighbour)
  await assert.rejects(neighbour.open(`/api/v1/checkins/${checkin}/photo?side=320`), /404/)
})

scene('an administrator sees neither a case nor a photo', staffed(), async ({ server, desk }) => {
  const { review, checkin } = await oneCase(server)
  const ratna = await desk({ who: house.administrator })
  const { page } = ratna
  await arriveAt(ratna)
  assert.equal(await page.locator('nav a[href="#/queue"]').count(), 0)
  for (const part of ['queue', `case/${review}`, 'group/late:1']) {
    await ratna.open(`#/${part}`)
    await page.locator('main h1').waitFor()
    assert.equal(await page.locator('main.case, a[data-review], main img').count(), 0, part)
  }
  await ratna.look('no-queue')
  assert.deepEqual(answeredWith(server, review, checkin, '/reviews?'), [], 'it is not even asked for')
  const administrator = await signedIn(server, house.administrator)
  for (const path of [
    `/checkins/${checkin}/photo?side=320`,
    `/checkins/${checkin}/map`,
    `/reviews/${review}`,
  ])
    await assert.rejects(administrator.open(`/api/v1${path}`), /40[34]/, path)
})

scene('whoever has no role is led to the phone page', async ({ desk }) => {
  const dewi = await desk({ who: people.morning })
  const { page } = dewi
  await arriveAt(dewi, '#/queue')
  await page.locator('main a[href="/phone"]').waitFor()
  await dewi.look('no-role')
  assert.equal(await page.locator('nav, [data-review]').count(), 0)
  await page.locator('main a[href="/phone"]').click()
  await page.waitForURL(/\/phone/)
  await page.locator('input[name=nip]').waitFor()
})

scene('the wrong password is said, and the console stays shut', async ({ server, desk }) => {
  const siti = await desk()
  const { page } = siti
  await siti.open()
  await siti.look('sign-in')
  await page.locator('button[type=submit]').click()
  await siti.look('empty', { brief: true })
  await enter(page, people.supervisor, 'salah')
  await page.locator('main .notice').first().waitFor()
  await siti.look('refused')
  assert.deepEqual(server.proxy.statuses('POST', '/api/v1/console/session'), [401])
})

scene(
  'a sign-in that ends over a case brings the case back, with what was written',
  staffed(),
  async (all) => {
    const { server, desk } = all
    const { review } = await oneCase(server)
    const siti = await desk()
    const { page } = siti
    await begin(siti)
    await page.keyboard.press('x')
    await page.locator('dialog[open] textarea').fill('Mohon dijelaskan lain kali.')
    // Longer than a desk may be left alone, and than a case is kept.
    await server.putForward(31 * 60)
    await state(page, 'session-over').waitFor({ timeout: 15_000 })
    await siti.look('over')
    assert.equal(await page.locator('main.case').isVisible(), false, 'nobody reads over it')
    await enter(page, people.supervisor, 'salah')
    await page.locator('dialog[open] .notice').nth(1).waitFor()
    await enter(page, people.supervisor)
    await state(page, 'session-over').waitFor({ state: 'detached' })
    const note = page.locator('dialog[open] textarea')
    assert.equal(await note.inputValue(), 'Mohon dijelaskan lain kali.')
    await page.locator('dialog[open] li button').first().click()
    await saved(page)
    const found = (await standing(server)).get(people.morning.nip)
    assert.deepEqual(
      [found.id, found.ruling.decision, found.ruling.note],
      [review, 'reject', 'Mohon dijelaskan lain kali.'],
    )
  },
)

scene(
  'after signing out nothing of a case is left, and signing in leads back to the queue',
  staffed(),
  async (all) => {
    const { server, desk } = all
    const { review } = await oneCase(server)
    const siti = await desk()
    const { page } = siti
    await begin(siti)
    await page.locator('nav .menu').click()
    await page.locator('dialog[open] .foot button').click()
    await page.locator('input[name=nip]').waitFor()
    assert.equal(await page.locator('[data-review], img[src^=blob]').count(), 0)
    assert.equal((await siti.context.cookies()).filter(({ name }) => name === '__Host-hadir').length, 0)
    await siti.open(`#/case/${review}`)
    await enter(page, people.supervisor)
    assert.equal(await ready(page, review), review, 'an address is kept over the sign-in')
  },
)
