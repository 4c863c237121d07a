// On the way: answers that are lost, tabs that compete, pages that are closed. One photo is one row.

import assert from 'node:assert/strict'
import { answered, arrive, kept, settle, state, takePhoto } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { uploads } from '../support/proxy.mjs'
import { scene } from '../support/scene.mjs'

scene(
  'an answer that is lost after the commit comes again, and there is one row',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await arrive(dewi)
    server.proxy.harm({ match: uploads, lose: true, times: 1 })
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await look(page, 'waiting', { brief: true })
    assert.equal((await checkinsOf(server, people.morning)).length, 1, 'the server has it')
    assert.equal(await answered(page), 'received')
    const rows = await checkinsOf(server, people.morning)
    assert.equal(rows.length, 1)
    assert.deepEqual(server.proxy.statuses('POST', '/api/v1/presence'), [201, 200])
    assert.equal((await kept(page))[0].receipt.receipt.number, rows[0].number)
  },
)

scene(
  'a page that is loaded again in the middle of an upload sends it once more',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await arrive(dewi)
    server.proxy.harm({ match: uploads, slow: 8000, times: 1 })
    await takePhoto(page)
    await state(page, 'sending').waitFor()
    await look(page, 'sending')
    await dewi.reload()
    assert.equal((await kept(page)).length, 1, 'it is still on the phone')
    assert.equal(await answered(page), 'received')
    assert.equal((await checkinsOf(server, people.morning)).length, 1)
  },
)

scene('two tabs send one photo once', async ({ server, phone }) => {
  const dewi = await phone()
  const { page } = dewi
  await settle(dewi)
  await dewi.offline()
  await takePhoto(page)
  await state(page, 'waiting').waitFor()
  const second = await dewi.tab()
  await second.goto(`${server.url}/phone`)
  await state(second, 'unsent').waitFor()
  let release
  server.proxy.harm({ match: uploads, hold: new Promise((resolve) => (release = resolve)) })
  await dewi.offline(false)
  await state(page, 'sending').waitFor({ timeout: 20_000 })
  await second.evaluate(() => dispatchEvent(new Event('focus')))
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await page.waitForTimeout(2000)
  release()
  assert.equal(await answered(page), 'received')
  await second.locator('section[data-state=received]').waitFor()
  assert.equal(server.proxy.count('POST', '/api/v1/presence'), 1)
})

scene('a server that is busy is asked again when it said', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  const body = {
    code: 'busy',
    title: 'busy',
    status: 503,
    detail: 'd',
    action: { id: 'Tunggu.', en: 'Wait.' },
    retry_after_s: 4,
  }
  server.proxy.harm({ match: uploads, instead: { status: 503, body }, times: 1 })
  await arrive(dewi)
  await takePhoto(page)
  await state(page, 'waiting').waitFor()
  await look(page, 'waiting', { brief: true })
  assert.equal(await answered(page), 'received')
  const [first, second] = server.proxy.seen.filter(uploads)
  assert.ok(second.at - first.at >= 3900, `${second.at - first.at} ms`)
})

scene(
  'a final refusal is shown with its reason, and the photo stays until it is removed',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await settle(dewi)
    await dewi.offline()
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await server.putForward(13 * 3600)
    await dewi.followClock()
    await dewi.offline(false)
    assert.equal(await answered(page), 'refused')
    await look(page, 'refused')
    const [item] = await kept(page)
    assert.ok(item.bytes > 10_000)
    assert.equal(item.trouble.code, 'slot-closed')
    const download = page.waitForEvent('download')
    await state(page, 'kept').locator('button').first().click()
    assert.match((await download).suggestedFilename(), /\.jpg$/)
    await state(page, 'kept').locator('button').last().click()
    await page.locator('dialog[open]').waitFor()
    await look(page, 'remove')
    await page.locator('dialog[open] button').first().click()
    await page.locator('[data-state^=next-]').waitFor()
    assert.deepEqual(await kept(page), [])
  },
)
