// Signing in and out, and what happens to photos that wait meanwhile.

import assert from 'node:assert/strict'
import { answered, arrive, kept, mainButton, settle, state, takePhoto } from '../support/acts.mjs'
import { checkinsOf, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { signIn } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

scene(
  'a token that ended while the photo waited is renewed without anybody noticing',
  async ({ server, phone }) => {
    const dewi = await phone()
    const { page } = dewi
    await settle(dewi)
    await dewi.offline()
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await server.putForward(900)
    await dewi.followClock()
    await dewi.offline(false)
    assert.equal(await answered(page), 'received')
    assert.equal(server.proxy.count('POST', '/api/v1/session/refresh'), 1)
    const [row] = await checkinsOf(server, people.morning)
    assert.ok(row.findings.some(({ code }) => code === 'time.captured_offline'))
  },
)

scene(
  'signed out from elsewhere, the photo waits for its person and then goes',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await settle(dewi)
    await dewi.offline()
    await takePhoto(page)
    await state(page, 'waiting').waitFor()
    await (await signedIn(server, people.morning)).remove('/api/v1/sessions')
    await dewi.offline(false)
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await page.waitForTimeout(1500)
    assert.equal((await kept(page))[0].state, 'waiting', 'it is kept')
    await look(page, 'photo-waits')
    await mainButton(page).click()
    await state(page, 'session-over').waitFor()
    await look(page, 'sign-in-again')
    assert.match(await state(page, 'session-over').innerText(), /1/)
    await page.locator('input[name=password]').waitFor()
    await signIn(page, people.morning)
    await page.locator('section[data-state=received]').waitFor({ timeout: 20_000 })
    assert.equal((await checkinsOf(server, people.morning)).length, 1)
  },
)

scene('a photo of one person is not sent by another on the same phone', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await settle(dewi)
  await dewi.offline()
  await takePhoto(page)
  await state(page, 'waiting').waitFor()
  await mainButton(page).click()
  await page.locator('header button').click()
  await page.locator('dialog[open]').waitFor()
  await look(page, 'menu')
  await page.locator('dialog[open] .foot button').nth(1).click()
  await page.locator('dialog[open] [data-state=unsent]').waitFor()
  await look(page, 'sign-out-with-unsent')
  await page.locator('dialog[open] .row button').first().click()
  await page.locator('input[name=nip]').waitFor()
  await dewi.offline(false)
  await signIn(page, people.colleague)
  await state(page, 'unsent-other').waitFor()
  await page.waitForTimeout(1500)
  await look(page, 'colleague')
  assert.equal(server.proxy.count('POST', '/api/v1/presence'), 0)
  await page.locator('header button').click()
  await page.locator('dialog[open] .foot button').nth(1).click()
  await page.locator('dialog[open] .row button').first().click()
  await signIn(page, people.morning)
  await page.locator('section[data-state=received]').waitFor({ timeout: 20_000 })
  assert.equal((await checkinsOf(server, people.morning)).length, 1)
  assert.equal((await checkinsOf(server, people.colleague)).length, 0)
})

scene('signing out everywhere ends every sign-in, here and elsewhere', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await arrive(dewi)
  const elsewhere = await signedIn(server, people.morning)
  await elsewhere.get('/api/v1/me')
  await dewi.open('#/devices')
  await page.locator('main section').nth(1).locator('button').click()
  await page.locator('dialog[open]').waitFor()
  await look(page, 'ask')
  await page.locator('dialog[open] .row button').first().click()
  await page.locator('input[name=nip]').waitFor()
  await look(page, 'signed-out')
  await assert.rejects(elsewhere.get('/api/v1/me'), /401/)
  await dewi.reload()
  await page.locator('input[name=nip]').waitFor()
})
