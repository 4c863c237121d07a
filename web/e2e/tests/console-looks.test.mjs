// Random looks and second looks: nobody can tell from the list which is which.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { decide, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, house, ready, rows, saved, staffed, standing, team } from '../support/desk.mjs'
import { scene } from '../support/scene.mjs'

const always = staffed(1, {
  HADIR_ROUTINE_PERCENT: '100',
  HADIR_SECOND_PERCENT: '100',
  HADIR_JOB_INTERVAL_S: '1',
})

/** A row without what names its case and how old it is. */
const nameless = (html, { id, person }) =>
  html
    .replaceAll(id, 'ID')
    .replaceAll(person.name, 'NAME')
    .replace(/sisa \d+ (jam|hari)/, 'LEFT')

scene('a random look, a blind second look and a doubt look the same in the list', always, async (all) => {
  const { server, desk } = all
  const siti = await signedIn(server, people.supervisor)
  const [flagged] = team(1)
  const routine = await checkIn(server, people.morning, { photo: 1 })
  assert.equal(routine.verdict, 'accepted')
  await checkIn(server, people.colleague, { accuracy: 600, photo: 2 })
  const first = (await standing(server)).get(people.colleague.nip).id
  await decide(siti, first, 'accept', 'device_imprecise')
  await server.putForward(70)
  await checkIn(server, flagged, { accuracy: 700, photo: 3 })

  const hendra = await desk({ who: house.mate })
  const { page } = hendra
  await arriveAt(hendra, '#/queue')
  // The job that draws them runs every second here.
  for (let turn = 0; (await rows(page).count()) < 3; turn++) {
    assert.ok(turn < 40, 'the second look was not drawn')
    await page.waitForTimeout(1000)
    await hendra.reload()
    await rows(page).first().waitFor()
  }
  const { items } = await (await signedIn(server, house.mate)).get('/api/v1/reviews')
  const looks = await Promise.all(
    items.map(async (item) =>
      nameless(await page.locator(`a[data-review="${item.id}"]`).evaluate((row) => row.outerHTML), item),
    ),
  )
  assert.equal(new Set(looks).size, 1, looks.join('\n'))
  assert.equal(new Set(items.map((item) => Object.keys(item).sort().join())).size, 1)
  await hendra.look('list')

  const second = items.find(({ person }) => person.nip === people.colleague.nip)
  await page.locator(`a[data-review="${second.id}"]`).click()
  await ready(page, second.id)
  await state(page, 'blind').waitFor()
  assert.equal(
    await page.locator('[data-state=ruling], [data-state=question], [data-state=appeal]').count(),
    0,
  )
  await hendra.look('blind')
  await page.keyboard.press('e')
  assert.equal(await page.locator('dialog[open]').count(), 0, 'nobody is asked twice')
  assert.ok(await page.locator('.told').isVisible())
  await page.keyboard.press('h')
  await page.locator('dialog[open]').waitFor()
  const steps = await page
    .locator('dialog[open] li')
    .evaluateAll((all) => all.map((one) => one.dataset.state))
  assert.ok(!steps.includes('decided'), 'the first decision is not told')
  await page.keyboard.press('Escape')
  await page.keyboard.press('x')
  await page.locator('dialog[open] li button').first().waitFor()
  await page.keyboard.press('1')
  await ready(page)
  await saved(page)
  const own = await (await signedIn(server, people.colleague)).get('/api/v1/me/today')
  assert.equal(own.slots[0].presence.decision, 'accept', 'the first decision stands')
  const month = new Date(Date.now() + server.ahead()).toISOString().slice(0, 7)
  const { second: agreed } = await siti.get(`/api/v1/reviews/agreement?month=${month}`)
  assert.deepEqual([agreed.n, agreed.first_accept_only], [1, 1])

  const random = items.find(({ person }) => person.nip === people.morning.nip)
  await hendra.open(`#/case/${random.id}`)
  await ready(page, random.id)
  await hendra.look('random')
})
