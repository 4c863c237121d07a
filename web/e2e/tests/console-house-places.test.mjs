// Requests for a place, from the phone to the supervisor's console and back.

import assert from 'node:assert/strict'
import { arrive, state } from '../support/acts.mjs'
import { signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt } from '../support/desk.mjs'
import { field, fill, managed, status, to } from '../support/house.mjs'
import { north } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

const NOTE = 'Surat tugasnya belum dilampirkan; mohon sebutkan nomornya.'

/** Asks for a place to stay where the phone is now. */
async function askFor(phone, who) {
  const one = await phone({ who, at: north(3000, 15) })
  await arrive(one)
  await one.open('#/home/stay')
  await state(one.page, 'nowhere').locator('button').click()
  await state(one.page, 'located').waitFor()
  await one.page.locator('input[autocomplete=off]').fill('800/123/2026')
  await one.page.locator('button[type=submit]').click()
  await state(one.page, 'pending').waitFor()
  return one
}

const openMap = (page) => page.getByRole('button', { name: 'Tampilkan peta' }).click()

scene(
  'a place that was asked for on a phone is approved at the console, another one refused with a reason',
  managed(),
  async ({ server, phone, desk, look }) => {
    const dewi = await askFor(phone, people.morning)
    const agus = await askFor(phone, people.colleague)
    const siti = await desk()
    const { page } = siti
    await arriveAt(siti, '#/places')
    const rows = page.locator('main ul a[href^="#/places/"]')
    await rows.nth(1).waitFor()
    assert.equal(await rows.count(), 2)
    await siti.look('queue')

    await rows.filter({ hasText: people.morning.name }).click()
    await state(page, 'decide').waitFor()
    const maps = () => server.proxy.seen.filter(({ path }) => path.endsWith('/map'))
    assert.equal(maps().length, 0, 'where it is is not shown before it is asked for')
    await openMap(page)
    await page.locator('main svg[role=img]').waitFor()
    assert.deepEqual(
      maps().map(({ status: answered }) => answered),
      [200],
      'one look, which the server logs',
    )
    await siti.look('request')
    await fill(page, { 'Catatan untuk pegawai': 'Sesuai surat tugas.' })
    await page.getByRole('button', { name: 'Setujui' }).click()
    await state(page, 'approved').first().waitFor()
    assert.equal(await state(page, 'decide').count(), 0)
    await siti.look('approved')
    await dewi.reload()
    await state(dewi.page, 'held').waitFor()
    await dewi.page.locator('main details summary').last().click()
    await state(dewi.page, 'approved').getByText('Sesuai surat tugas.').waitFor()

    await to(siti, '#/places')
    await rows.first().waitFor()
    assert.equal(await rows.count(), 1)
    await rows.first().click()
    await state(page, 'decide').waitFor()
    await page.getByRole('button', { name: 'Tolak' }).click()
    const note = field(page, 'Catatan untuk pegawai')
    assert.equal(await note.getAttribute('aria-invalid'), 'true', 'a refusal says why')
    assert.ok(await note.evaluate((node) => node === document.activeElement))
    assert.equal(server.proxy.statuses('POST', '/api/v1/place-requests').length, 1, 'it was not sent')
    await siti.look('reason-missing', { brief: true })
    await note.fill(NOTE)
    await page.getByRole('button', { name: 'Tolak' }).click()
    await state(page, 'refused').first().waitFor()
    await agus.reload()
    await agus.page.locator('main details summary').last().click()
    await state(agus.page, 'refused').getByText(NOTE).waitFor()
    await look(agus.page, 'refused-on-the-phone')
    await to(siti, '#/places')
    await state(page, 'empty').waitFor()
  },
)

scene(
  'nobody decides about their own place, nor sees what waits elsewhere',
  managed(),
  async ({ server, phone, desk }) => {
    await askFor(phone, people.supervisor)
    const bambang = await signedIn(server, people.second)
    const { items } = await bambang.get('/api/v1/place-requests')
    assert.deepEqual(
      items.map(({ person_name }) => person_name),
      [people.supervisor.name],
    )
    const siti = await desk()
    const { page } = siti
    await arriveAt(siti, '#/places')
    await state(page, 'empty').waitFor()
    await to(siti, `#/places/${items[0].id}`)
    await state(page, 'place-own').waitFor()
    assert.equal(await state(page, 'decide').count(), 0)
    await siti.look('own', { brief: true })
    const token = await signedIn(server, people.supervisor)
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/map'],
      ['POST', '/decision', { decision: 'approve', note: 'Milik saya.' }],
    ])
      assert.equal(await status(server, token, method, `/place-requests/${items[0].id}${path}`, body), 403)

    const above = await desk({ who: people.second })
    await arriveAt(above, '#/places')
    await above.page.locator('main ul a[href^="#/places/"]').click()
    await above.page.getByRole('button', { name: 'Setujui' }).click()
    await state(above.page, 'approved').first().waitFor()
    // Somebody else was quicker.
    await to(siti, '#/places/018f0000-0000-7000-8000-000000000000')
    await state(page, 'not-found').waitFor()
  },
)
