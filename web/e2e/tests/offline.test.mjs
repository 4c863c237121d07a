// Without network: nothing is lost, and everything is told as it is.

import assert from 'node:assert/strict'
import { answered, kept, mainButton, settle, shoot, state, takePhoto, toCamera } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { scene } from '../support/scene.mjs'

const challenges = ({ method, path }) => method === 'POST' && path === '/api/v1/challenges'
const findings = (row) => row.findings.filter(({ flags }) => flags).map(({ code }) => code)

scene(
  'a photo taken without network waits and goes by itself when the network is back',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await settle(dewi)
    await dewi.offline()
    await dewi.reload()
    await state(page, 'next-checkin').waitFor()
    await look(page, 'today-offline')
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await look(page, 'waiting')
    await mainButton(page).click()
    await state(page, 'unsent').waitFor()
    await look(page, 'today-waiting')
    assert.match(await page.title(), /^\(1\)/)
    await dewi.offline(false)
    await page.locator('section[data-state=received]').waitFor({ timeout: 20_000 })
    await look(page, 'today-received')
    assert.doesNotMatch(await page.title(), /\(1\)/)
    const rows = await checkinsOf(server, people.morning)
    assert.deepEqual([rows.length, rows[0].verdict, rows[0].assurance], [1, 'accepted', 'device_key'])
  },
)

scene(
  'a photo of yesterday evening is delivered today and counts for yesterday',
  async ({ server, phone, look }) => {
    const andi = await phone({ who: people.evening })
    const { page } = andi
    await settle(andi)
    await andi.offline()
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await server.putForward(8 * 3600)
    await andi.followClock()
    await page.goto(`${server.url}/phone`)
    await andi.reload()
    await page.locator('section[data-state=waiting]').waitFor()
    await look(page, 'today')
    await andi.offline(false)
    await page.locator('section[data-state=waiting] a').click()
    assert.equal(await answered(page), 'flagged')
    await look(page, 'flagged')
    const [row] = await checkinsOf(server, people.evening)
    assert.equal(row.timing, 'delivered_late')
    assert.ok(row.work_date < row.received_at.slice(0, 10) || row.received_at !== row.captured_at)
  },
)

scene('a photo without a code gets a late one, and a person looks', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  server.proxy.harm({ match: challenges, refuse: true })
  await settle(dewi)
  await dewi.offline()
  await toCamera(page)
  assert.equal(await page.locator('.code').count(), 0)
  await look(page, 'live')
  await shoot(page)
  await state(page, 'waiting').waitFor()
  server.proxy.heal()
  await server.putForward(900)
  await dewi.followClock()
  await dewi.offline(false)
  assert.equal(await answered(page), 'flagged')
  assert.deepEqual(findings((await checkinsOf(server, people.morning))[0]), ['challenge.after_capture'])
})

scene('when no code is given at all, the photo goes without one', async ({ server, phone }) => {
  const dewi = await phone()
  const body = {
    code: 'challenges-too-many',
    title: 't',
    status: 429,
    detail: 'd',
    action: { id: 'a', en: 'a' },
  }
  server.proxy.harm({ match: challenges, instead: { status: 429, body } })
  await settle(dewi)
  await takePhoto(dewi.page)
  assert.equal(await answered(dewi.page), 'flagged')
  assert.deepEqual(findings((await checkinsOf(server, people.morning))[0]), ['challenge.missing'])
})

scene(
  'a full phone says so and hands the photo over; with a little room a smaller one is kept',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    await settle(dewi)
    // The browser looks at how much room there is when it starts.
    await dewi.restart()
    const { page } = dewi
    const { origin } = new URL(server.url)
    const devtools = await dewi.context.newCDPSession(page)
    const leave = async (bytes) => {
      const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin })
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + bytes })
    }
    await leave(40_000)
    await dewi.open()
    await toCamera(page)
    await shoot(page)
    await state(page, 'phone-full').waitFor()
    await look(page, 'full')
    const download = page.waitForEvent('download')
    await state(page, 'phone-full').locator('button').click()
    assert.match((await download).suggestedFilename(), /\.jpg$/)
    assert.deepEqual(await kept(page), [])
    await leave(100_000)
    await shoot(page)
    await page.locator('.result').waitFor()
    assert.ok((await kept(page))[0].bytes <= 60_000)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin })
    assert.equal(await answered(page), 'received')
  },
)
