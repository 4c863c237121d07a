// A fair hearing: a question, an answer with a photo, a decision, an appeal that somebody else decides.

import assert from 'node:assert/strict'
import { answered, arrive, mainButton, state, takePhoto, writtenDown } from '../support/acts.mjs'
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
    await state(page, 'may-answer').locator('textarea').fill('Saya di rumah. Listrik padam, jadi GPS lemah.')
    await page.locator('input[type=file]').setInputFiles(await photo(5))
    await state(page, 'may-answer').locator('img').waitFor()
    await look(page, 'answering')
    await send('may-answer').click()
    await state(page, 'case.sent').waitFor()
    await state(page, 'answer').locator('[data-state=shown]').waitFor()
    await look(page, 'answered')

    await decide(siti, review, 'reject', 'not_at_place')
    await dewi.reload()
    await state(page, 'reject').waitFor()
    await look(page, 'rejected')
    await state(page, 'may-appeal').locator('textarea').fill('Saya di rumah; mohon lihat foto ruangan.')
    await send('may-appeal').click()
    await state(page, 'case.appeal.sent').waitFor()
    await look(page, 'appealed')
    await assert.rejects(decide(siti, review, 'reject', 'not_at_place'), /404/)
    await decide(await signedIn(server, people.second), review, 'accept', 'device_imprecise')
    await dewi.reload()
    await state(page, 'accept').waitFor()
    await look(page, 'accepted')

    await dewi.open(`#/checkin/${row.id}`)
    await state(page, 'ruledAccept').waitFor()
    await state(page, 'looks').getByText('Siti Aminah').first().waitFor()
    await page.locator('.frame[data-state=shown]').first().waitFor()
    await look(page, 'checkin')
    await dewi.open()
    await state(page, 'received').waitFor()
  },
)

scene(
  'an answer can be given before anybody asks, and words half written are kept',
  async ({ server, phone, look }) => {
    const dewi = await phone({ at: north(250, 400) })
    const { page } = dewi
    await arrive(dewi)
    await takePhoto(page)
    assert.equal(await answered(page), 'flagged')
    await page.locator('a[href^="#/checkin/"]').click()
    await page.locator('a[href^="#/case/"]').click()
    await state(page, 'may-answer').waitFor()
    await look(page, 'open')
    const words = state(page, 'may-answer').locator('textarea:not([readonly])')
    await words.fill('GPS saya lemah di dalam rumah.')
    await writtenDown(page, 'GPS saya lemah di dalam rumah.')
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
