// A fair hearing: a question, an answer with a photo, a decision, an appeal that somebody else decides.

import assert from 'node:assert/strict'
import { answered, arrive, mainButton, state, takePhoto } from '../support/acts.mjs'
import { ask, checkinsOf, decide, lookAt, nextCase, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { north } from '../support/phone.mjs'
import { photo } from '../support/photos.mjs'
import { scene } from '../support/scene.mjs'

scene(
  'a question is answered with a photo, and a rejection is appealed to somebody else',
  async ({ server, phone, look }) => {
    const dewi = await phone({ at: north(250, 400) })
    const { page } = dewi
    const send = (card) => state(page, card).locator('button[type=submit]')
    await arrive(dewi)
    await takePhoto(page)
    assert.equal(await answered(page), 'flagged')
    const siti = await signedIn(server, people.supervisor)
    const review = await nextCase(siti)
    const [row] = await checkinsOf(server, people.morning)
    await lookAt(server, people.supervisor, row.id)
    await ask(siti, review, 'Di mana Anda saat mengirim presensi?')

    await dewi.open()
    await state(page, 'next-answer').waitFor()
    await look(page, 'today')
    await mainButton(page).click()
    await state(page, 'asked').waitFor()
    await look(page, 'record')
    await state(page, 'asked').click()
    await state(page, 'question').waitFor()
    await look(page, 'asked')
    const words = state(page, 'may-answer').locator('textarea:not([readonly])')
    await words.fill('GPS saya lemah di dalam rumah.')
    await page.waitForFunction(kept, 'GPS saya lemah di dalam rumah.')
    await dewi.reload()
    assert.equal(await words.inputValue(), 'GPS saya lemah di dalam rumah.')
    await state(page, 'may-answer').locator('button[type=submit]').click()
    await state(page, 'case.sent').waitFor()
    const seen = await (
      await signedIn(server, people.supervisor)
    ).get(`/api/v1/reviews/${await nextCase(await signedIn(server, people.supervisor))}`)
    assert.equal(seen.answers[0].text, 'GPS saya lemah di dalam rumah.')
  },
)

/** Whether the phone has written these words down; runs in the page. */
const kept = (words) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('hadir')
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const values = request.result.transaction('values').objectStore('values').getAll()
      values.onsuccess = () => {
        request.result.close()
        resolve(values.result.includes(words))
      }
    }
  })
