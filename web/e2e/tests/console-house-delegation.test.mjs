// Somebody acts for a supervisor: from exactly a first to exactly a last day, and not without a second person.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { decide, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, rows } from '../support/desk.mjs'
import { again, dateOf, field, fill, managed, offered, status, to, untilClock } from '../support/house.mjs'
import { scene } from '../support/scene.mjs'

const button = (scope, name) => scope.getByRole('button', { name, exact: true })
const DEPUTY = people.colleague

/** The supervisor hands over from tomorrow to the day after, at the console. */
async function handOver(server, siti) {
  const { page } = siti
  await button(page, 'Serahkan peran sementara').click()
  const form = state(page, 'hand-over')
  await fill(form, { 'Hari terakhir': dateOf(server, people.supervisor, 2) })
  await button(form, 'Ajukan untuk disetujui').click()
  await form.locator('[aria-invalid]').first().waitFor()
  assert.equal(server.proxy.count('POST', '/api/v1/delegations'), 0, 'nobody was chosen')
  // Whoever is to act may belong to a unit below.
  await fill(form, { Unit: 'PAGI', 'Cari penggantinya': 'salim' })
  await page.keyboard.press('Enter')
  await form.getByRole('radio', { name: DEPUTY.name }).check()
  await fill(form, {
    Unit: 'DINAS',
    'Hari pertama': dateOf(server, people.supervisor, 1),
    Catatan: 'Cuti tahunan.',
  })
  await siti.look('handing-over')
  await button(form, 'Ajukan untuk disetujui').click()
  await state(page, 'proposed').waitFor()
}

/** What the deputy sees at the console at this moment: the parts offered, and how many cases wait. */
async function sees(server, agus) {
  await again(agus)
  const parts = await offered(agus.page)
  const cases = await status(server, await signedIn(server, DEPUTY), 'GET', '/reviews')
  return { parts, cases }
}

const NOTHING = { parts: [], cases: 403 }
const ACTING = { parts: ['queue', 'today', 'places', 'people', 'agreement'], cases: 200 }

scene(
  'who acts for a supervisor sees and decides from the first day to the last, once somebody above agrees',
  managed(),
  async ({ server, desk }) => {
    await checkIn(server, people.morning, { metres: 400 })
    const siti = await desk()
    await arriveAt(siti, '#/people/delegations')
    await siti.page.getByText('Belum ada peran sementara.').waitFor()
    await handOver(server, siti)
    await siti.look('waits')
    await state(siti.page, 'proposed').getByRole('link').click()
    await state(siti.page, 'delegation').waitFor()
    assert.equal(await state(siti.page, 'decide').count(), 0, 'nobody approves what they proposed')
    const { items } = await (await signedIn(server, people.supervisor)).get('/api/v1/changes')
    const own = await signedIn(server, people.supervisor)
    const address = `/changes/${items[0].id}/decision`
    assert.equal(await status(server, own, 'POST', address, { decision: 'approve' }), 409)

    const agus = await desk({ who: DEPUTY })
    await arriveAt(agus)
    assert.deepEqual(await sees(server, agus), NOTHING, 'it waits for somebody above')

    const bambang = await desk({ who: people.second })
    await arriveAt(bambang, '#/people/delegations')
    await bambang.page.locator('main a[href^="#/people/delegations/"]').click()
    await state(bambang.page, 'decide').waitFor()
    await bambang.look('deciding')
    await fill(bambang.page, { Catatan: 'Selamat beristirahat.' })
    await button(bambang.page, 'Setujui dan berlakukan').click()
    await state(bambang.page, 'approved').waitFor()
    await to(siti, '#/people/delegations')
    await state(siti.page, 'later').waitFor()
    await siti.look('approved', { brief: true })
    assert.deepEqual(await sees(server, agus), NOTHING, 'its first day is tomorrow')

    await untilClock(server, people.supervisor, 23, 55)
    assert.deepEqual(await sees(server, agus), NOTHING, 'five minutes before it')
    await untilClock(server, people.supervisor, 0, 2)
    assert.deepEqual(await sees(server, agus), ACTING)
    await agus.page.evaluate(() => (location.hash = '#/queue'))
    await rows(agus.page).filter({ hasText: people.morning.name }).waitFor()
    await agus.look('acting', { brief: true })
    const acting = await signedIn(server, DEPUTY)
    const [waiting] = (await acting.get('/api/v1/reviews')).items
    await decide(acting, waiting.id, 'accept', 'place_explained')
    await again(siti)
    await state(siti.page, 'now').waitFor()
    await to(siti, '#/people/' + DEPUTY.nip)
    await siti.page.getByText('pengganti sementara').waitFor()

    await untilClock(server, people.supervisor, 23, 55)
    await untilClock(server, people.supervisor, 23, 54)
    assert.deepEqual(await sees(server, agus), ACTING, 'the evening of the last day')
    await untilClock(server, people.supervisor, 0, 2)
    assert.deepEqual(await sees(server, agus), NOTHING, 'it is over')
    const decided = await (await signedIn(server, people.supervisor)).get(`/api/v1/reviews/${waiting.id}`)
    assert.equal(decided.state, 'decided', 'what was decided stays')
  },
)

scene(
  'a supervisor ends early what was handed over, and who acts hands nothing on',
  managed(),
  async ({ server, desk }) => {
    const own = await signedIn(server, people.supervisor)
    const { id } = await own.post('/api/v1/delegations', {
      unit: 'PAGI',
      nip: DEPUTY.nip,
      valid_from: dateOf(server, people.supervisor),
      valid_to: dateOf(server, people.supervisor, 30),
    })
    const above = await signedIn(server, people.second)
    await above.post(`/api/v1/changes/${id}/decision`, { decision: 'approve' })

    const agus = await desk({ who: DEPUTY })
    await arriveAt(agus, '#/people/delegations')
    await state(agus.page, 'now').waitFor()
    assert.equal(await button(agus.page, `Akhiri ${DEPUTY.name}`).count(), 0, 'it is not theirs to end')
    assert.equal(await button(agus.page, 'Serahkan peran sementara').count(), 0)
    const further = { unit: 'PAGI', nip: people.between.nip, valid_from: dateOf(server, DEPUTY) }
    assert.equal(
      await status(server, await signedIn(server, DEPUTY), 'POST', '/delegations', {
        ...further,
        valid_to: dateOf(server, DEPUTY, 5),
      }),
      422,
    )
    await agus.look('held')

    const siti = await desk()
    await arriveAt(siti, '#/people/delegations')
    await state(siti.page, 'now').getByRole('button').click()
    await siti.page.locator('dialog[open]').waitFor()
    await siti.look('ending', { brief: true })
    await siti.page.locator('dialog[open] .row button').first().click()
    await siti.page.getByText(`Peran sementara ${DEPUTY.name} diakhiri.`).waitFor()
    await untilClock(server, people.supervisor, 0, 2)
    assert.deepEqual(await sees(server, agus), NOTHING, 'today was its last day')
    await again(siti)
    await state(siti.page, 'over').waitFor()
    await siti.look('over')
  },
)

scene('days that cannot be are said before anything is sent', managed(), async ({ server, desk }) => {
  const siti = await desk()
  const { page } = siti
  await arriveAt(siti, '#/people/delegations')
  await button(page, 'Serahkan peran sementara').click()
  const form = state(page, 'hand-over')
  const send = button(form, 'Ajukan untuk disetujui')
  const fault = (label) => field(form, label).getAttribute('aria-invalid')
  await fill(form, {
    'Atau isi NIP, bila ia di luar unit Anda': DEPUTY.nip,
    'Hari pertama': dateOf(server, people.supervisor, -1),
    'Hari terakhir': dateOf(server, people.supervisor, 3),
  })
  await send.click()
  assert.equal(await fault('Hari pertama'), 'true')
  await fill(form, {
    'Hari pertama': dateOf(server, people.supervisor, 1),
    'Hari terakhir': dateOf(server, people.supervisor, 91),
  })
  await send.click()
  assert.equal(await fault('Hari terakhir'), 'true')
  await page.getByText('Paling lama 90 hari').last().waitFor()
  await siti.look('too-long', { brief: true })
  assert.equal(server.proxy.count('POST', '/api/v1/delegations'), 0)
  await fill(form, { 'Hari terakhir': dateOf(server, people.supervisor, 90) })
  await send.click()
  await state(page, 'proposed').waitFor()
})
