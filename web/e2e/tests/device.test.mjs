// The key of a phone, and the data a person can take along.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { answered, arrive, mainButton, shoot, state, takePhoto } from '../support/acts.mjs'
import { checkinsOf, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { scene } from '../support/scene.mjs'
import { unzip } from '../support/zip.mjs'

const EVENING = 10 * 3600

/** The morning's check-in, then ten hours later the phone once more, before another wall. */
async function untilEvening(server, dewi, meanwhile) {
  await arrive(dewi)
  await takePhoto(dewi.page)
  assert.equal(await answered(dewi.page), 'received')
  await meanwhile()
  await server.putForward(EVENING)
  await dewi.restart({ sees: 2 })
  await dewi.open()
  await dewi.followClock()
  await dewi.reload()
  await takePhoto(dewi.page)
}

const forgetKeys = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('hadir').onsuccess = ({ target }) => {
          const change = target.result.transaction('keys', 'readwrite')
          change.objectStore('keys').clear()
          change.oncomplete = () => {
            target.result.close()
            resolve()
          }
        }
      }),
  )

scene('a phone that lost its key makes a new one and signs with it', async ({ server, phone }) => {
  const dewi = await phone()
  await untilEvening(server, dewi, () => forgetKeys(dewi.page))
  assert.equal(await answered(dewi.page), 'received')
  const rows = await checkinsOf(server, people.morning)
  assert.deepEqual(
    rows.map(({ assurance }) => assurance),
    ['device_key', 'device_key'],
  )
  const { devices } = await (await signedIn(server, people.morning)).get('/api/v1/me/devices')
  assert.equal(devices.length, 2)
})

scene(
  'a key that was removed elsewhere is told in one quiet line and replaced',
  async ({ server, phone, look }) => {
    const dewi = await phone()
    await untilEvening(server, dewi, async () => {
      const elsewhere = await signedIn(server, people.morning)
      const { devices } = await elsewhere.get('/api/v1/me/devices')
      await elsewhere.remove(`/api/v1/me/devices/${devices[0].id}`)
    })
    assert.equal(await answered(dewi.page), 'received', 'it is no offence')
    await look(dewi.page, 'received')
    await dewi.restart({ sees: 3 })
    await dewi.open('#/capture/evening')
    await dewi.followClock()
    await state(dewi.page, 'live').waitFor()
    await shoot(dewi.page)
    assert.equal(await answered(dewi.page), 'received')
    const rows = await checkinsOf(server, people.morning)
    assert.deepEqual(
      rows.map(({ assurance }) => assurance),
      ['device_key', 'session', 'device_key'],
    )
  },
)

scene('the phones of a person are listed, and one can be removed', async ({ phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await arrive(dewi)
  await dewi.open('#/devices')
  await page.locator('main section').nth(2).waitFor()
  await look(page, 'none')
  await dewi.open()
  await takePhoto(page)
  await answered(page)
  await dewi.open('#/devices')
  await state(page, 'this').waitFor()
  await look(page, 'one')
  await state(page, 'this').locator('button').click()
  await page.locator('dialog[open]').waitFor()
  await look(page, 'remove')
  await page.locator('dialog[open] button').first().click()
  await state(page, 'removed').waitFor()
  assert.equal(await state(page, 'this').count(), 0)
})

scene('own data comes as one archive that can be read', async ({ phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await arrive(dewi)
  await takePhoto(page)
  await answered(page)
  await dewi.open('#/devices')
  await page.locator('main section').nth(2).waitFor()
  const coming = page.waitForEvent('download')
  await page.locator('main section').nth(2).locator('button').click()
  const download = await coming
  assert.match(download.suggestedFilename(), /\.zip$/)
  await state(page, 'done').waitFor()
  await look(page, 'done')
  const files = unzip(readFileSync(await download.path()))
  assert.equal(JSON.parse(files.get('person.json')).nip, people.morning.nip)
  assert.equal(JSON.parse(files.get('checkins-001.json')).length, 1)
  const photo = [...files.keys()].find((name) => name.startsWith('photos/'))
  assert.equal(files.get(photo).readUInt16BE(0), 0xffd8, 'a JPEG')
})

scene('the record shows the day, its photo and its receipt', async ({ phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  await arrive(dewi)
  await dewi.open('#/record')
  await state(page, 'empty').waitFor()
  await look(page, 'empty')
  await dewi.open()
  await takePhoto(page)
  await answered(page)
  await mainButton(page).click()
  await dewi.open('#/record')
  await page.locator('.thumb[data-state=shown]').waitFor()
  await look(page, 'month')
  await page.locator('main ul a').first().click()
  await page.locator('.frame[data-state=shown]').waitFor()
  await look(page, 'checkin')
  const download = page.waitForEvent('download')
  await page.locator('main section[data-state=accepted] .row button').click()
  const receipt = JSON.parse(readFileSync(await (await download).path(), 'utf8'))
  assert.match(receipt.receipt.number, /^\d{8}-M-/)
  await page.goBack()
  await page.locator('.thumb').first().waitFor()
})
