// People: a lost phone, and who is added, moved, let go and given a password.

import assert from 'node:assert/strict'
import { answered, arrive, state, takePhoto } from '../support/acts.mjs'
import { checkinsOf, signedIn } from '../support/api.mjs'
import { PASSWORD, people } from '../support/city.mjs'
import { arriveAt, house } from '../support/desk.mjs'
import { chief, field, fill, managed, signInStatus, status, to } from '../support/house.mjs'
import { scene } from '../support/scene.mjs'

const button = (scope, name) => scope.getByRole('button', { name, exact: true })
const confirm = (page) => page.locator('dialog[open] .row button').first()

scene(
  'a lost phone is removed by the supervisor and can no longer sign',
  managed(),
  async ({ server, phone, desk }) => {
    const dewi = await phone()
    await arrive(dewi)
    await takePhoto(dewi.page)
    assert.equal(await answered(dewi.page), 'received')
    const siti = await desk()
    const { page } = siti
    await arriveAt(siti, '#/people')
    await page.locator('main select').selectOption('PAGI')
    await page.locator('main ul a').filter({ hasText: people.colleague.name }).waitFor()
    await fill(page, { 'Cari nama atau NIP': 'lestari' })
    await page.keyboard.press('Enter')
    await page.locator('main ul a').filter({ hasText: people.colleague.name }).waitFor({ state: 'detached' })
    await siti.look('found')
    await page.locator('main ul a').filter({ hasText: people.morning.name }).click()
    await state(page, 'held').waitFor()
    await siti.look('person')
    await state(page, 'held').getByRole('button').click()
    await page.locator('dialog[open]').waitFor()
    await siti.look('sure')
    await confirm(page).click()
    await page.locator('.device[data-state=removed]').waitFor()
    assert.equal(await state(page, 'held').count(), 0)

    await server.putForward(10 * 3600)
    await dewi.restart({ sees: 2 })
    await dewi.open()
    await dewi.followClock()
    await dewi.reload()
    await takePhoto(dewi.page)
    await answered(dewi.page)
    const rows = await checkinsOf(server, people.morning)
    assert.deepEqual(rows.map(({ assurance }) => assurance).sort(), ['device_key', 'session'])
    const { devices } = await (
      await signedIn(server, people.supervisor)
    ).get(`/api/v1/people/${people.morning.nip}`)
    assert.ok(devices.every(({ revoked_at }) => revoked_at))
  },
)

const NEW = { nip: '199912312025041001', name: 'Maya Sari' }

scene('somebody is added, moved, made inactive and given a password', managed(), async ({ server, desk }) => {
  const ratna = await desk({ who: house.administrator })
  const { page } = ratna
  const form = state(page, 'person')
  const saved = form.locator('[role=status]').getByText('Tersimpan.')
  await arriveAt(ratna, '#/admin/people')
  await page.locator('main ul a').first().waitFor()
  await ratna.look('people')
  await button(page, 'Tambah pegawai').click()
  await button(form, 'Simpan').click()
  assert.equal(await form.locator('[aria-invalid]').count(), 2, 'NIP and name are missing')
  await fill(form, {
    NIP: people.morning.nip,
    Nama: NEW.name,
    Unit: 'PAGI',
    'Alamat surel': 'maya@contoh.go.id',
    'Kata sandi pertama': 'sandi-pertama',
  })
  await ratna.look('adding')
  await button(form, 'Simpan').click()
  await state(page, 'person-taken').waitFor()
  await fill(form, { NIP: NEW.nip })
  await button(form, 'Simpan').click()
  await page.waitForFunction((nip) => location.hash === `#/admin/people/${nip}`, NEW.nip)
  await page.getByRole('heading', { level: 1, name: NEW.name }).waitFor()
  assert.equal(await signInStatus(server, NEW.nip, 'sandi-pertama'), 200)

  await fill(form, { Nama: 'Maya Sari Dewi', Unit: 'SORE', 'Alamat surel': 'tanpa-et' })
  await button(form, 'Simpan').click()
  await form.locator('[aria-invalid]').waitFor()
  await fill(form, { 'Alamat surel': 'maya@contoh.go.id' })
  await button(form, 'Simpan').click()
  await saved.waitFor()
  await page.getByRole('heading', { level: 1, name: 'Maya Sari Dewi' }).waitFor()
  await page.getByText('Bidang Statistik').first().waitFor()
  await ratna.look('person')

  const { access_token: token } = await tokenOf(server, NEW.nip, 'sandi-pertama')
  await form.getByRole('checkbox').uncheck()
  await button(form, 'Simpan').click()
  await saved.waitFor()
  assert.equal(await status(server, { token }, 'GET', '/me'), 401, 'the sign-in has ended')
  assert.equal(await signInStatus(server, NEW.nip, 'sandi-pertama'), 401)
  await form.getByRole('checkbox').check()
  await button(form, 'Simpan').click()
  await saved.waitFor()

  const again = (await tokenOf(server, NEW.nip, 'sandi-pertama')).access_token
  await fill(page, { 'Kata sandi baru': 'kurang' })
  await button(page, 'Ganti kata sandi').click()
  assert.equal(await page.locator('dialog[open]').count(), 0, 'too short')
  await fill(page, { 'Kata sandi baru': 'sandi-yang-baru' })
  await button(page, 'Ganti kata sandi').click()
  await page.locator('dialog[open]').waitFor()
  await confirm(page).click()
  await page.getByText('Kata sandi diganti.').waitFor()
  assert.equal(await status(server, { token: again }, 'GET', '/me'), 401)
  assert.equal(await signInStatus(server, NEW.nip, 'sandi-pertama'), 401)
  assert.equal(await signInStatus(server, NEW.nip, 'sandi-yang-baru'), 200)
})

const tokenOf = async (server, nip, password) =>
  (
    await fetch(`${server.direct}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nip, password }),
    })
  ).json()

scene(
  'an administrator alone cannot touch another one, nor set the own password',
  managed(),
  async ({ server, desk }) => {
    const ratna = await desk({ who: house.administrator })
    const { page } = ratna
    await arriveAt(ratna, `#/admin/people/${chief.nip}`)
    await page.getByRole('heading', { level: 1, name: chief.name }).waitFor()
    await fill(page, { 'Kata sandi baru': 'sandi-yang-baru' })
    await button(page, 'Ganti kata sandi').click()
    await confirm(page).click()
    await state(page, 'person-guarded').waitFor()
    await ratna.look('guarded', { brief: true })
    assert.equal(await signInStatus(server, chief.nip, PASSWORD), 200)
    await to(ratna, `#/admin/people/${house.administrator.nip}`)
    await page.getByRole('heading', { level: 1, name: house.administrator.name }).waitFor()
    assert.equal(await field(page, 'Kata sandi baru').count(), 0)
  },
)
