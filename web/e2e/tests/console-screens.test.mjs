// How the queue, a case and all that belongs to it look, with people who have been checking in for some days.

import assert from 'node:assert/strict'
import { signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, house, ready, rows, saved, staffed, team } from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

const DAY_S = 86_400
const COUNT = 8

/** Some days on which all is well, and one on which much is not. */
async function days(server) {
  const all = team(COUNT)
  for (let day = 0; day < 3; day++) {
    for (const [n, who] of all.slice(0, 2).entries())
      await checkIn(server, who, { photo: 20 + 2 * day + n, metres: day === 1 && n === 0 ? 280 : 0 })
    await server.putForward(DAY_S)
  }
  const kinds = [
    { metres: 420 },
    { accuracy: 600 },
    { photo: 'dark' },
    { photo: 1 },
    { metres: 300, accuracy: 90 },
  ]
  for (const [n, who] of all.entries())
    await checkIn(server, who, { photo: n + 1, ...kinds[n % kinds.length] })
  await checkIn(server, all[0], { metres: 350, photo: 40 })
}

scene('the queue and a case on three screens', staffed(COUNT), async ({ server, desk }) => {
  await days(server)
  const siti = await desk()
  const { page } = siti
  await arriveAt(siti, '#/queue')
  await rows(page).nth(3).waitFor()
  const mate = await signedIn(server, house.mate)
  const { items } = await mate.get('/api/v1/reviews')
  await mate.post(`/api/v1/reviews/${items.at(-1).id}/claim`)
  await page.getByText(house.mate.name).first().waitFor({ timeout: 8000 })
  await siti.look('queue')
  await page.locator('details summary').click()
  await siti.look('filters')
  await page.locator('details summary').click()

  const first = items.find(
    ({ person, work_date }) => person.nip === team(1)[0].nip && work_date === items.at(-1).work_date,
  )
  await page.locator(`a[data-review="${first.id}"]`).click()
  await ready(page, first.id)
  await page.locator('main .last .frame[data-state=shown]').waitFor()
  await page.locator('figure img').first().waitFor()
  assert.equal(await page.locator('[role=tab]').count(), 2)
  await siti.look('case')
  for (const [key, name] of [
    ['x', 'reject'],
    ['Shift+A', 'accept-other'],
    ['f', 'compare'],
    ['m', 'map'],
    ['h', 'history'],
  ]) {
    await page.keyboard.press(key)
    await page.locator('dialog[open] h2').waitFor()
    await page.waitForTimeout(300)
    await siti.look(name)
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !document.querySelector('dialog[open]'))
  }
  await page.keyboard.press('a')
  await ready(page)
  await saved(page)
  await siti.look('undo')
  await page.keyboard.press('/')
  await rows(page).first().waitFor()
  await siti.look('undo-in-queue')
})

scene('nothing waits on three screens', async ({ desk }) => {
  const siti = await desk({ who: people.supervisor })
  await arriveAt(siti, '#/queue')
  await siti.page.getByRole('heading', { level: 2 }).first().waitFor()
  await siti.look('empty')
})
