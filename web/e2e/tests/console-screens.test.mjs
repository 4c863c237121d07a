// How the screens of the review look, at the three sizes of a desk, in both languages, light and dark.

import assert from 'node:assert/strict'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, house, ready, rows, saved, seedCases, staffed, team } from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

scene('the screens of the review are looked at', staffed(8), async ({ server, desk }) => {
  const who = team(8)
  await checkIn(server, who[0], { photo: 40 })
  await seedCases(server, who)
  const siti = await desk()
  const { page } = siti
  await siti.open()
  await siti.look('door')
  await arriveAt(siti, '#/queue')
  await rows(page).first().waitFor()
  await siti.look('queue')
  await page.locator('main header a[href^="#/case/"]').click()
  await ready(page)
  await siti.look('case')
  for (const [key, name] of [
    ['x', 'reject'],
    ['e', 'ask'],
    ['?', 'keys'],
  ]) {
    await page.keyboard.press(key)
    await page.locator('dialog[open]').waitFor()
    await siti.look(name, { brief: true })
    await page.keyboard.press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('a')
  await ready(page)
  await saved(page)
  await siti.look('next-case', { brief: true })
  await siti.open('#/agreement')
  await page.locator('main h2, main table').first().waitFor()
  await siti.look('agreement')
  await siti.open('#/today')
  await page.locator('main table, main li').first().waitFor()
  await siti.look('today')
})

scene('a queue without cases says so', staffed(), async ({ desk }) => {
  const siti = await desk({ who: people.supervisor })
  await arriveAt(siti, '#/queue')
  await siti.page.locator('main h2').first().waitFor()
  await siti.look('nothing')
})

const higher = staffed(2)
higher.more.roles.push([house.neighbour, 'supervisor', 'KOTA'])

scene('an empty desk says what waits for others, and leads there', higher, async ({ server, desk }) => {
  await seedCases(server, team(2))
  const lestari = await desk({ who: house.neighbour })
  const { page } = lestari
  await arriveAt(lestari, '#/queue')
  await page.getByRole('heading', { name: 'Giliran Anda kosong' }).waitFor()
  await lestari.look('elsewhere')
  await page.getByRole('button', { name: 'Lihat semua' }).click()
  await rows(page).first().waitFor()
  assert.equal(await rows(page).count(), 2)
})
