// A home is registered over three days, and somebody else approves it.

import assert from 'node:assert/strict'
import { answered, arrive, mainButton, state, takePhoto } from '../support/acts.mjs'
import { approvePlace, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { north } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

const DAY = 86_400

scene(
  'three readings on two days, an approval, and a home on the third day',
  async ({ server, phone, look }) => {
    const rudi = await phone({ who: people.homeless, at: north(3, 14) })
    const { page } = rudi
    const later = async (seconds) => {
      await server.putForward(seconds)
      await rudi.followClock()
      await rudi.reload()
    }
    const take = async (metres) => {
      await rudi.moveTo(north(metres, 14))
      await mainButton(page).click()
      await state(page, 'home.taken').waitFor()
    }
    await arrive(rudi)
    await state(page, 'no-home').waitFor()
    await look(page, 'today-without-home')
    await takePhoto(page)
    assert.equal(await answered(page), 'flagged')
    await mainButton(page).click()
    await state(page, 'next-home').waitFor()
    await look(page, 'today-register')
    await mainButton(page).click()
    await state(page, 'first').waitFor()
    await look(page, 'first')
    await take(3)
    await state(page, 'again').waitFor()
    await look(page, 'again')
    await later(3_700)
    await state(page, 'now').waitFor()
    await take(-4)
    await state(page, 'tomorrow').waitFor()
    await look(page, 'tomorrow')
    await later(DAY)
    await state(page, 'now').waitFor()
    await take(6)
    await state(page, 'ready').waitFor()
    await look(page, 'ready')
    await state(page, 'propose').locator('summary').click()
    await look(page, 'options')
    await mainButton(page).click()
    await state(page, 'pending').waitFor()
    await look(page, 'pending')
    await approvePlace(await signedIn(server, people.supervisor))
    await rudi.reload()
    await state(page, 'coming').waitFor()
    await look(page, 'coming')
    await later(DAY)
    await state(page, 'held').waitFor()
    await look(page, 'held')
    assert.equal(
      (await page.locator('body').innerText()).match(/106[.,]8|6[.,]59/),
      null,
      'no coordinates in digits',
    )
    await rudi.restart({ sees: 4 })
    await rudi.open()
    await rudi.followClock()
    await takePhoto(rudi.page)
    assert.equal(await answered(rudi.page), 'received', 'the home holds')
  },
)

scene('readings that are taken back are gone, and a request can be withdrawn', async ({ phone, look }) => {
  const rudi = await phone({ who: people.homeless })
  const { page } = rudi
  await arrive(rudi)
  await rudi.open('#/home')
  await state(page, 'first').waitFor()
  await mainButton(page).click()
  await state(page, 'home.taken').waitFor()
  await page.locator('main > button').last().click()
  await page.locator('dialog[open]').waitFor()
  await look(page, 'forget')
  await page.locator('dialog[open] button').first().click()
  await state(page, 'first').waitFor()
})

scene('a temporary place is asked for where somebody stands', async ({ server, phone, look }) => {
  const dewi = await phone({ at: north(3000, 15) })
  const { page } = dewi
  await arrive(dewi)
  await dewi.open('#/home')
  await state(page, 'held').waitFor()
  await look(page, 'home')
  await dewi.open('#/home/stay')
  await state(page, 'nowhere').waitFor()
  await look(page, 'empty')
  await state(page, 'nowhere').locator('button').click()
  await state(page, 'located').waitFor()
  await page.locator('input[autocomplete=off]').fill('800/123/2026')
  await look(page, 'filled')
  await page.locator('button[type=submit]').click()
  await state(page, 'pending').waitFor()
  await look(page, 'pending')
  await approvePlace(await signedIn(server, people.supervisor))
  await dewi.reload()
  await state(page, 'held').waitFor()
  await look(page, 'approved')
})

scene('without the permission for the location a reading explains what to do', async ({ phone, look }) => {
  const rudi = await phone({ who: people.homeless, may: ['camera'] })
  const { page } = rudi
  await arrive(rudi)
  await rudi.open('#/home')
  await state(page, 'first').waitFor()
  await mainButton(page).click()
  await state(page, 'denied').waitFor({ timeout: 15_000 })
  await look(page, 'denied')
})
