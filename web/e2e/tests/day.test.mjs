// What the day is like: off, on leave, with an incident, with a window that has closed, in another language.

import assert from 'node:assert/strict'
import { answered, arrive, state, takePhoto } from '../support/acts.mjs'
import { people } from '../support/city.mjs'
import { light } from '../support/look.mjs'
import { signIn } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

scene('a day off asks for nothing', async ({ phone, look }) => {
  const made = await phone({ who: people.dayOff })
  await arrive(made)
  await state(made.page, 'day-day_off').waitFor()
  await state(made.page, 'next-wait').waitFor()
  await look(made.page, 'today')
})

scene('leave is said with its last day', async ({ phone, look }) => {
  const yosina = await phone({ who: people.onLeave })
  await arrive(yosina)
  await state(yosina.page, 'day-leave').waitFor()
  await look(yosina.page, 'today')
  assert.equal(await state(yosina.page, 'next-checkin').count(), 0)
})

scene('an incident is told, and checking in stays possible', async ({ phone, look }) => {
  const putri = await phone({ who: people.inIncident })
  await arrive(putri)
  await state(putri.page, 'incident').waitFor()
  await look(putri.page, 'today')
  await takePhoto(putri.page)
  assert.equal(await answered(putri.page), 'received')
})

scene(
  'a window that has closed is told without blame, and the next one with its time',
  async ({ phone, look }) => {
    const rina = await phone({ who: people.between })
    await arrive(rina)
    await state(rina.page, 'closed').waitFor()
    await state(rina.page, 'early').waitFor()
    await state(rina.page, 'next-wait').waitFor()
    await look(rina.page, 'today')
  },
)

scene('the language is chosen before signing in and stays', async ({ phone, look }) => {
  const dewi = await phone()
  const { page } = dewi
  const spoken = () => page.evaluate(() => document.documentElement.lang)
  await dewi.open()
  assert.equal(await spoken(), 'id')
  await page.locator('header button').click()
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signIn(page, people.morning)
  await page.getByRole('heading', { name: 'Morning check-in' }).waitFor()
  await dewi.reload()
  assert.equal(await spoken(), 'en')
  await page.getByRole('heading', { name: 'Morning check-in' }).waitFor()
  await page.locator('header button').click()
  await page.locator('dialog[open] .foot button').first().click()
  await page.getByRole('heading', { name: 'Presensi pagi', includeHidden: true }).waitFor()
  assert.equal(await spoken(), 'id')
})

scene('the page is dark where the phone is dark', async ({ phone }) => {
  const dewi = await phone()
  const { page } = dewi
  await arrive(dewi)
  const becomes = async (colorScheme, wanted) => {
    await light(page, colorScheme)
    await page.waitForFunction((range) => {
      const rgb = getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3)
      const mean = rgb.reduce((sum, part) => sum + Number(part), 0) / 3
      return mean >= range[0] && mean <= range[1]
    }, wanted)
  }
  await becomes('light', [220, 255])
  await becomes('dark', [0, 40])
})

scene('help explains every promise', async ({ phone, look }) => {
  const dewi = await phone()
  await arrive(dewi)
  await dewi.open('#/help')
  await dewi.page.locator('main section').nth(4).waitFor()
  await look(dewi.page, 'help')
  await dewi.open('#/nowhere')
  await look(dewi.page, 'not-found')
})
