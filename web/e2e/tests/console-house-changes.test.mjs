// What takes two administrators: one proposes, the other one decides, and only then it holds.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, house, seedCases, team } from '../support/desk.mjs'
import { again, chief, dateOf, field, fill, managed, status, to, untilClock } from '../support/house.mjs'
import { scene } from '../support/scene.mjs'

const RATNA = house.administrator
const button = (scope, name) => scope.getByRole('button', { name, exact: true })
const propose = (form) => button(form, 'Ajukan untuk disetujui')

/** Opens what was proposed just now and sees that its proposer cannot decide it; gives its id. */
async function ownProposal(server, { page, who }) {
  await state(page, 'proposed').waitFor()
  await state(page, 'proposed').getByRole('link').click()
  await state(page, 'pending').waitFor()
  await button(page, 'Tarik kembali').waitFor()
  assert.equal(await state(page, 'decide').count(), 0)
  const id = (await page.evaluate(() => location.hash)).split('/').at(-1)
  const own = await signedIn(server, who)
  assert.equal(await status(server, own, 'POST', `/changes/${id}/decision`, { decision: 'approve' }), 409)
  return id
}

/** From the list of what waits to one of it. */
async function toDecide(desk, id) {
  await to(desk, '#/admin')
  await again(desk)
  await desk.page.locator(`main a[href="#/admin/changes/${id}"]`).getByText('Anda dapat memutuskan').click()
  await state(desk.page, 'decide').waitFor()
}

async function approve(desk, id) {
  await toDecide(desk, id)
  await button(desk.page, 'Setujui dan berlakukan').click()
  await state(desk.page, 'approved').waitFor()
}

async function both(desk, hash) {
  const ratna = await desk({ who: RATNA })
  const yohana = await desk({ who: chief })
  await arriveAt(ratna, hash)
  await arriveAt(yohana, '#/admin')
  return { ratna, yohana }
}

/** Fills in a value of policy, down to the reason. */
async function newValue(page, name, value, reason) {
  const card = state(page, name)
  await card.getByRole('button', { name: /^Ajukan nilai baru/ }).click()
  await fill(card, { 'Nilai baru': value, Alasan: reason })
  return card
}

scene(
  'a value of policy holds once a second administrator has approved it, and its history tells of both',
  managed(),
  async ({ server, desk }) => {
    const { ratna, yohana } = await both(desk, '#/admin/policy')
    const { page } = ratna
    const held = state(page, 'review_target_h').locator('.value')
    await held.waitFor()
    assert.equal(await held.innerText(), '48 jam')
    const card = await newValue(page, 'review_target_h', '9999', '')
    await propose(card).click()
    assert.equal(await card.locator('[aria-invalid]').count(), 2, 'out of bounds, and no reason')
    await ratna.look('out-of-bounds', { brief: true })
    await fill(card, { 'Nilai baru': '24', Alasan: 'Antrean kini pendek.' })
    await propose(card).click()
    await state(page, 'proposed').waitFor()
    assert.equal(await held.innerText(), '48 jam', 'nothing holds yet')
    await ratna.look('proposed')
    const id = await ownProposal(server, ratna)
    await ratna.look('own')
    await toDecide(yohana, id)
    await yohana.look('deciding')
    await button(yohana.page, 'Setujui dan berlakukan').click()
    await state(yohana.page, 'approved').waitFor()
    await to(ratna, '#/admin/policy')
    await page.waitForFunction(
      () => document.querySelector('[data-state=review_target_h] .value')?.textContent === '24 jam',
    )
    await state(page, 'review_target_h').locator('summary').click()
    const history = await state(page, 'review_target_h').locator('ol').innerText()
    assert.match(history, /24 jam/)
    assert.match(history, /Antrean kini pendek/)
    assert.match(history, new RegExp(`${RATNA.name}.*${chief.name}`))
    await ratna.look('history')
  },
)

scene(
  'what is refused comes back with a reason, and what is taken back is gone',
  managed(),
  async ({ server, desk }) => {
    const { ratna, yohana } = await both(desk, '#/admin/policy')
    const { page } = ratna
    await state(page, 'routine_percent').waitFor()
    await propose(await newValue(page, 'routine_percent', '4,5', 'Mencoba lebih banyak.')).click()
    const refused = await ownProposal(server, ratna)
    await toDecide(yohana, refused)
    await button(yohana.page, 'Tolak').click()
    assert.equal(await field(yohana.page, 'Catatan').getAttribute('aria-invalid'), 'true')
    await fill(yohana.page, { Catatan: 'Tunggu hasil bulan ini dahulu.' })
    await button(yohana.page, 'Tolak').click()
    await state(yohana.page, 'refused').waitFor()
    await again(ratna)
    await state(page, 'refused').getByText('Tunggu hasil bulan ini dahulu.').waitFor()
    await ratna.look('refused')

    await to(ratna, '#/admin/policy')
    await state(page, 'routine_percent').waitFor()
    await propose(await newValue(page, 'routine_percent', '5', 'Salah ketik.')).click()
    const withdrawn = await ownProposal(server, ratna)
    await toDecide(yohana, withdrawn)
    await button(page, 'Tarik kembali').click()
    await page.locator('dialog[open]').waitFor()
    await page.locator('dialog[open] .row button').first().click()
    await state(page, 'withdrawn').waitFor()
    await button(yohana.page, 'Setujui dan berlakukan').click()
    await state(yohana.page, 'change-decided').waitFor()
    await yohana.look('too-late', { brief: true })

    await to(ratna, '#/admin')
    await state(page, 'empty').waitFor()
    for (const [filter, id] of Object.entries({ refused, withdrawn })) {
      await page.locator(`main input[value=${filter}]`).check()
      await page.locator(`main a[href="#/admin/changes/${id}"]`).waitFor()
      assert.equal(await page.locator('main a[href^="#/admin/changes/"]').count(), 1)
    }
    await ratna.look('list')
    const { values } = await (await signedIn(server, RATNA)).get('/api/v1/policy')
    assert.equal(values.find(({ name }) => name === 'routine_percent').value, 3)
  },
)

scene('a role is given and ended by two', managed(), async ({ server, desk }) => {
  const who = people.colleague
  const { ratna, yohana } = await both(desk, `#/admin/people/${who.nip}`)
  const { page } = ratna
  const roles = async () => (await (await signedIn(server, who)).get('/api/v1/me')).roles
  await button(page, 'Ajukan peran baru').click()
  await propose(page).click()
  await page.getByText('Mohon pilih unitnya.').waitFor()
  await fill(page, { 'Untuk unit': 'PAGI', Alasan: 'Kepala bidang yang baru.' })
  await ratna.look('role')
  await propose(page).click()
  const given = await ownProposal(server, ratna)
  assert.deepEqual(await roles(), [])
  await approve(yohana, given)
  assert.deepEqual(await roles(), ['supervisor'])

  await to(ratna, `#/admin/people/${who.nip}`)
  await button(page, 'Ajukan akhir').click()
  await fill(page, { Alasan: 'Pindah tugas.' })
  await propose(page).click()
  const ended = await ownProposal(server, ratna)
  await approve(yohana, ended)
  assert.deepEqual(await roles(), ['supervisor'], 'today is the last day')
  await untilClock(server, who, 0, 5)
  assert.deepEqual(await roles(), [])
  // Nobody decides about themselves, whoever proposed it.
  const proposer = await signedIn(server, RATNA)
  const { id } = await proposer.post('/api/v1/changes', {
    kind: 'role',
    nip: chief.nip,
    role: 'supervisor',
    unit: 'SORE',
    valid_from: dateOf(server, people.evening, 1),
    valid_to: null,
    reason: 'Merangkap.',
  })
  await again(yohana)
  await to(yohana, `#/admin/changes/${id}`)
  await state(yohana.page, 'pending').waitFor()
  assert.equal(await state(yohana.page, 'decide').count(), 0)
  await yohana.look('about-oneself')
})

scene('other check-in times hold from their first day', managed(), async ({ server, desk }) => {
  const { ratna, yohana } = await both(desk, '#/admin/schedules/PAGI')
  const { page } = ratna
  await page.locator('.schedule').first().waitFor()
  await page.getByText('Dari Pemerintah Kota').first().waitFor()
  await button(page, 'Ajukan jadwal baru').click()
  const form = state(page, 'schedule')
  await fill(form, {
    Dibuka: '09.00',
    Ditutup: '06.30',
    'Hari pertama': dateOf(server, people.morning, -1),
  })
  await propose(form).click()
  assert.equal(await form.locator('[aria-invalid]').count(), 3, 'times, first day and reason')
  await fill(form, {
    Dibuka: '6.30',
    Ditutup: '08:15',
    'Masa tenggang, menit': '45',
    'Hari pertama': dateOf(server, people.morning, 1),
    Alasan: 'Bulan Ramadan.',
  })
  for (const day of ['Sabtu', 'Minggu']) await form.getByRole('checkbox', { name: day }).check()
  await ratna.look('form')
  await propose(form).click()
  const id = await ownProposal(server, ratna)
  await toDecide(yohana, id)
  await yohana.look('deciding')
  await approve(yohana, id)
  await to(ratna, '#/admin/schedules/PAGI')
  await page.locator('.schedule[data-state=later]').waitFor()
  await ratna.look('schedules')
  const opens = async () => {
    const { slots } = await (await signedIn(server, people.supervisor)).get('/api/v1/units/PAGI/today')
    return slots[0].opens_at
  }
  const before = await opens()
  await untilClock(server, people.morning, 6, 0)
  assert.equal(Date.parse(await opens()) - Date.parse(before), 25.5 * 3_600_000, 'from 05.00 to 06.30')
  await checkInIsEarly(server)
})

/** Half an hour before it opens nothing is taken yet. */
const checkInIsEarly = (server) => assert.rejects(checkIn(server, people.morning), /slot-too-early/)

scene(
  'an outage excuses whom its preview named, and groups the cases that wait',
  managed(4),
  async ({ server, desk }) => {
    const crew = team(4)
    const flagged = [people.morning, people.colleague]
    await seedCases(server, flagged, ['coarse', 'outside'])
    const counts = async () =>
      (await (await signedIn(server, people.supervisor)).get('/api/v1/reviews/counts?scope=all')).causes
    assert.deepEqual(await counts(), [])
    await untilClock(server, people.morning, 10, 45)
    const { ratna, yohana } = await both(desk, '#/admin/incidents')
    const { page } = ratna
    await button(page, 'Nyatakan gangguan').click()
    const form = state(page, 'incident')
    const today = dateOf(server, people.morning)
    const [from, until] = ['Mulai', 'Berakhir'].map((name) => form.getByRole('group', { name }))
    await fill(form, { 'Untuk siapa': 'PAGI' })
    await from.locator('input[type=date]').fill(today)
    await from.locator('input[maxlength="5"]').fill('06.00')
    await until.locator('input[type=date]').fill(today)
    await until.locator('input[maxlength="5"]').fill('09.00')
    assert.ok(await propose(form).isDisabled(), 'whom it excuses is looked at first')
    await button(form, 'Lihat siapa yang dimaafkan').click()
    const effect = state(form, 'effect')
    await effect.waitFor()
    // The crew of four and Rudi; who is on leave is excused anyway.
    assert.match(await effect.innerText(), /\b5 presensi/)
    assert.match(await effect.innerText(), /\b2 kasus/)
    await effect.locator('summary').click()
    const named = await effect.locator('li').allInnerTexts()
    for (const { name } of [...crew, people.homeless])
      assert.ok(
        named.some((text) => text.includes(name)),
        name,
      )
    await ratna.look('preview')
    await until.locator('input[maxlength="5"]').fill('08.30')
    await state(form, 'unseen').waitFor()
    assert.ok(await propose(form).isDisabled(), 'it has changed since')
    await button(form, 'Lihat siapa yang dimaafkan').click()
    await effect.waitFor()
    await fill(form, {
      'Kalimat dalam bahasa Indonesia': 'Jaringan terputus di Bidang Aplikasi.',
      'Kalimat dalam bahasa Inggris': 'The network was down.',
      Kode: 'JARINGAN-1',
      Alasan: 'Laporan penyedia jaringan.',
    })
    await propose(form).click()
    const id = await ownProposal(server, ratna)
    assert.deepEqual(await counts(), [], 'it waits')
    await toDecide(yohana, id)
    assert.match(await state(yohana.page, 'effect').innerText(), /\b5 presensi/)
    await yohana.look('deciding')
    await approve(yohana, id)
    const [cause, ...others] = await counts()
    assert.deepEqual(others, [])
    assert.deepEqual([cause.kind, cause.count], ['incident', 2])
    const board = await (await signedIn(server, people.supervisor)).get('/api/v1/units/PAGI/today')
    assert.deepEqual(
      [board.totals[0].missing, board.totals[0].excused],
      [0, 6],
      'excused, with the one on leave',
    )
    const siti = await desk()
    await arriveAt(siti, '#/today/PAGI')
    await state(siti.page, 'incident').getByText('Jaringan terputus').waitFor()
    assert.equal(await siti.page.locator('main .cell.missing').count(), 0)
    await to(ratna, '#/admin/incidents')
    await page.getByText('JARINGAN-1').waitFor()
    await ratna.look('declared')
  },
)
