// The camera: not allowed, too dark, and a file in its place.

import assert from 'node:assert/strict'
import { answered, arrive, mainButton, shoot, state, toCamera } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { photo } from '../support/photos.mjs'
import { scene } from '../support/scene.mjs'

const heic = {
  name: 'IMG_1.HEIC',
  mimeType: 'image/heic',
  buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
}

scene(
  'without the camera a photo from a file goes as it is, and says so',
  async ({ server, phone, look }) => {
    const dewi = await phone({ may: ['geolocation'] })
    const { page } = dewi
    await arrive(dewi)
    await mainButton(page).click()
    await state(page, 'intro').waitFor()
    await mainButton(page).click()
    await state(page, 'camera-denied').waitFor()
    await look(page, 'denied')
    await page.locator('input[type=file]').setInputFiles(heic)
    await state(page, 'file-refused').waitFor()
    await look(page, 'heic')
    await page.locator('input[type=file]').setInputFiles(await photo(3))
    assert.equal(await answered(page), 'flagged')
    await look(page, 'flagged')
    const [row] = await checkinsOf(server, people.morning)
    assert.equal(row.photo_source, 'file')
    assert.ok(row.findings.some(({ code }) => code === 'photo.from_file'))
  },
)

scene('a dark picture is said before the tap, and kept all the same', async ({ server, phone, look }) => {
  const dewi = await phone({ sees: 'dark' })
  const { page } = dewi
  await arrive(dewi)
  await toCamera(page)
  await state(page, 'look-dark').waitFor()
  await look(page, 'live')
  await shoot(page)
  assert.equal(await answered(page), 'flagged')
  await look(page, 'flagged')
  const [row] = await checkinsOf(server, people.morning)
  assert.ok(row.findings.some(({ code, flags }) => code === 'photo.dark' && flags))
})

scene('once the camera is allowed it opens without starting again', async ({ phone }) => {
  const dewi = await phone({ may: ['geolocation'] })
  const { page } = dewi
  await arrive(dewi)
  await mainButton(page).click()
  await mainButton(page).click()
  await state(page, 'camera-denied').waitFor()
  await dewi.context.grantPermissions(['camera', 'geolocation'])
  await state(page, 'camera-denied').locator('button').click()
  await state(page, 'live').waitFor()
  await shoot(page)
  assert.equal(await answered(page), 'received')
})
