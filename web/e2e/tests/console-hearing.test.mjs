// A fair hearing from the side of those who decide: a question and its answer, an appeal that goes to somebody else.

import assert from 'node:assert/strict'
import { arrive, mainButton, state } from '../support/acts.mjs'
import { people } from '../support/city.mjs'
import {
  arriveAt,
  begin,
  caseAt,
  checkIn,
  decisionsOf,
  ready,
  rows,
  saved,
  standing,
} from '../support/desk.mjs'
import { photo } from '../support/photos.mjs'
import { scene } from '../support/scene.mjs'

const ANSWER = 'Saya mengantar anak sekolah, lalu langsung kembali.'
const APPEAL = 'Saya di rumah; mohon lihat foto ruangan.'

/** The person's answer with a photo, on the phone. */
async function answers(dewi) {
  const { page } = dewi
  await arrive(dewi)
  await state(page, 'next-answer').waitFor()
  await mainButton(page).click()
  await state(page, 'asked').click()
  await state(page, 'may-answer').locator('textarea').fill(ANSWER)
  await page.locator('input[type=file]').setInputFiles(await photo(5))
  await state(page, 'may-answer').locator('img').waitFor()
  await state(page, 'may-answer').locator('button[type=submit]').click()
  await state(page, 'case.sent').waitFor()
}

scene('a question goes to the phone, and its answer with a photo comes back', async (all) => {
  const { server, phone, desk } = all
  await checkIn(server, people.morning, { metres: 300, photo: 1 })
  await checkIn(server, people.colleague, { accuracy: 600, photo: 2 })
  const siti = await desk()
  const { page } = siti
  const review = await begin(siti)
  await page.keyboard.press('e')
  const dialog = page.locator('dialog[open]')
  await dialog.locator('li button').first().waitFor()
  await siti.look('ask')
  await dialog.locator('li button').first().click()
  const question = await dialog.locator('textarea').inputValue()
  assert.ok(question.length > 20, 'an example is a question to begin with')
  await dialog.locator('textarea').fill(`${question} Terima kasih.`)
  await dialog.locator('button[type=submit]').click()
  assert.notEqual(await ready(page), review, 'the next case comes meanwhile')
  await saved(page)
  assert.equal((await standing(server)).get(people.morning.nip).state, 'asked')
  await siti.open('#/queue')
  await rows(page).first().waitFor()
  assert.equal(
    await page.locator(`a[data-review="${review}"]`).count(),
    0,
    'it does not wait for anybody here',
  )

  const dewi = await phone()
  await answers(dewi)

  await siti.open(`#/case/${review}`)
  await ready(page, review)
  await state(page, 'question').getByText('Terima kasih.').waitFor()
  const answer = state(page, 'answer')
  await answer.getByText(ANSWER).waitFor()
  await answer.getByRole('button').click()
  await answer.locator('img').waitFor()
  assert.ok(await answer.locator('img').evaluate((img) => img.decode().then(() => img.naturalWidth > 100)))
  await siti.look('answered')
  await page.keyboard.press('Shift+A')
  await page.keyboard.press('3')
  await saved(page)
  const found = (await standing(server)).get(people.morning.nip)
  assert.deepEqual([found.ruling.decision, found.ruling.reason_code], ['accept', 'place_explained'])
  await dewi.reload()
  await state(dewi.page, 'accept').waitFor()
})

scene('an appeal is decided by somebody else, who reads what the person says', async (all) => {
  const { server, phone, desk } = all
  await checkIn(server, people.morning, { metres: 300, photo: 1 })
  const siti = await desk()
  const review = await begin(siti)
  await siti.page.keyboard.press('x')
  await siti.page.locator('dialog[open] textarea').fill('Jauh dari rumah.')
  await siti.page.locator('dialog[open] li button').first().click()
  await saved(siti.page)

  const dewi = await phone()
  await arrive(dewi)
  await dewi.open(`#/case/${review}`)
  await state(dewi.page, 'reject').getByText('Jauh dari rumah.').waitFor()
  await state(dewi.page, 'may-appeal').locator('textarea').fill(APPEAL)
  await state(dewi.page, 'may-appeal').locator('button[type=submit]').click()
  await state(dewi.page, 'case.appeal.sent').waitFor()

  await siti.open('#/queue')
  await siti.page.getByRole('heading', { level: 2 }).first().waitFor()
  assert.equal(await rows(siti.page).count(), 0)
  await siti.open(`#/case/${review}`)
  await state(siti.page, 'not-there').waitFor()
  assert.equal(await caseAt(siti.page), null)

  const bambang = await desk({ who: people.second })
  await arriveAt(bambang, '#/queue')
  await bambang.page.locator('a[data-state=appealed]').waitFor()
  await bambang.look('appealed-in-queue')
  await bambang.page.locator('a[data-state=appealed]').click()
  await ready(bambang.page, review)
  await state(bambang.page, 'appeal').getByText(APPEAL).waitFor()
  await bambang.look('appealed')
  await bambang.page.keyboard.press('a')
  await saved(bambang.page)
  const found = (await standing(server, people.second)).get(people.morning.nip)
  assert.deepEqual(
    decisionsOf(found).map(({ actor }) => actor),
    [people.supervisor.name, people.second.name],
  )
  assert.equal(found.ruling.decision, 'accept')
  await dewi.reload()
  await state(dewi.page, 'accept').waitFor()
})
