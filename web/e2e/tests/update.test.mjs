// A new version of the page comes while somebody is at it.

import assert from 'node:assert/strict'
import { answered, kept, mainButton, settle, shoot, state, toCamera } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { uploads } from '../support/proxy.mjs'
import { scene } from '../support/scene.mjs'

const newer = (bytes) =>
  `${String(bytes).replace(/hadir-phone-[0-9a-f]+/, 'hadir-phone-aaaaaaaaaaaa')}\n// newer`

scene('a new version waits for an open capture and for what is unsent', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await settle(dewi)
  await toCamera(page)
  server.proxy.harm({ match: ({ path }) => path === '/sw.js', alter: newer })
  server.proxy.harm({ match: uploads, refuse: true })
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/phone')
    await registration.update()
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50))
  })
  assert.equal(await state(page, 'live').count(), 1, 'the capture goes on')
  await shoot(page)
  await state(page, 'waiting').waitFor()
  await mainButton(page).click()
  await state(page, 'update').waitFor()
  assert.ok(await state(page, 'update').locator('button').isDisabled(), 'not before the photo is sent')
  await look(page, 'update-waits')
  server.proxy.heal()
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await page.locator('section[data-state=received]').waitFor({ timeout: 20_000 })
  await look(page, 'update-ready')
  const again = page.waitForEvent('load')
  await state(page, 'update').locator('button').click()
  await again
  await page.locator('section[data-state=received]').waitFor()
  const caches = await page.evaluate(async () =>
    (await globalThis.caches.keys()).filter((name) => name.startsWith('hadir-phone')),
  )
  assert.deepEqual(caches, ['hadir-phone-aaaaaaaaaaaa'])
  assert.equal((await kept(page)).length, 1)
  assert.equal((await checkinsOf(server, people.morning)).length, 1)
})

scene('a new version is used by itself at the next start', async ({ server, phone }) => {
  const dewi = await phone()
  await settle(dewi)
  server.proxy.harm({ match: ({ path }) => path === '/sw.js', alter: newer })
  await dewi.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/phone')
    await registration.update()
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50))
  })
  await dewi.restart()
  await dewi.offline()
  await dewi.open()
  await state(dewi.page, 'next-checkin').waitFor()
  const caches = await dewi.page.evaluate(() => globalThis.caches.keys())
  assert.deepEqual(caches, ['hadir-phone-aaaaaaaaaaaa'])
})
