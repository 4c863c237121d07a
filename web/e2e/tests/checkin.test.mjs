// Checking in, when nothing is in the way.

import assert from 'node:assert/strict'
import { answered, arrive, kept, mainButton, shoot, state, takePhoto, toCamera } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { scene } from '../support/scene.mjs'

scene('a morning check-in ends with a receipt that the phone has signed', async ({ server, phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await dewi.open()
  await look(page, 'sign-in')
  await arrive(dewi)
  await look(page, 'today')
  await mainButton(page).click()
  await state(page, 'intro').waitFor()
  await look(page, 'intro')
  await mainButton(page).click()
  await state(page, 'live').waitFor()
  await state(page, 'inside').waitFor()
  await look(page, 'live')
  await shoot(page)
  await state(page, 'saved').waitFor()
  await look(page, 'saved', { brief: true })
  assert.equal(await answered(page), 'received')
  await look(page, 'received')
  const [row, ...more] = await checkinsOf(server, people.morning)
  assert.deepEqual(
    [row.slot, row.verdict, row.assurance, row.photo_source, more.length],
    ['morning', 'accepted', 'device_key', 'camera', 0],
  )
  assert.match(await state(page, 'receipt').innerText(), new RegExp(row.number))
  assert.equal((await kept(page))[0].bytes, 0, 'the photo is gone from the phone')
  await mainButton(page).click()
  await state(page, 'received').waitFor()
  await look(page, 'today-after')
  assert.equal(server.proxy.count('POST', '/api/v1/presence'), 1)
})

scene('an evening check-in goes the same way', async ({ server, phone, look }) => {
  const andi = await phone({ who: people.evening, sees: 2 })
  await arrive(andi)
  await look(andi.page, 'today')
  await takePhoto(andi.page)
  assert.equal(await answered(andi.page), 'received')
  const [row] = await checkinsOf(server, people.evening)
  assert.deepEqual([row.slot, row.verdict], ['evening', 'accepted'])
})

scene(
  'a photo can be taken again for three seconds, and only the second one is sent',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    const { page } = dewi
    await arrive(dewi)
    await toCamera(page)
    await shoot(page)
    await state(page, 'saved').waitFor()
    await mainButton(page).click()
    await state(page, 'live').waitFor()
    assert.deepEqual(await kept(page), [])
    await shoot(page)
    assert.equal(await answered(page), 'received')
    await look(page, 'received', { brief: true })
    assert.equal((await checkinsOf(server, people.morning)).length, 1)
    assert.equal(server.proxy.count('POST', '/api/v1/presence'), 1)
  },
)

scene('the wrong password is said, and nothing else', async ({ phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await dewi.open()
  await page.locator('button[type=submit]').click()
  await look(page, 'empty')
  await page.locator('input[name=nip]').fill(people.morning.nip)
  await page.locator('input[name=password]').fill('salah')
  await page.locator('button[type=submit]').click()
  await page.locator('[data-state=sign-in-failed], .notice[role=status]').first().waitFor()
  await look(page, 'refused')
})
