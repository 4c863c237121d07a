// Several cases of one outage are accepted in one act, after each photo was in sight.

import assert from 'node:assert/strict'
import { state } from '../support/acts.mjs'
import { decide, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, decisionsOf, house, rows, staffed, standing, team } from '../support/desk.mjs'
import { SMALL } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

const COUNT = 5

/** The network of a unit was down all morning: captures of the window come hours later. */
async function outage(server) {
  const captured = new Date()
  await server.putForward(4 * 3600)
  for (const [n, who] of team(COUNT).entries()) await checkIn(server, who, { captured, photo: n + 1 })
}

scene(
  'cases of one outage are accepted together, each only after it was seen',
  staffed(COUNT),
  async (all) => {
    const { server, desk } = all
    await outage(server)
    const siti = await desk({ size: SMALL })
    const { page } = siti
    await arriveAt(siti, '#/queue')
    const together = page.locator('a[href^="#/group/"]')
    await together.waitFor()
    assert.match(await together.innerText(), new RegExp(String(COUNT)))
    await siti.look('queue', { brief: true })
    await together.click()
    const cards = page.locator('article[data-review]')
    await cards.nth(COUNT - 1).waitFor()
    const accept = page.locator('main footer button')
    assert.ok(await accept.isDisabled(), 'nothing was seen yet')
    for (let n = 0; n < COUNT - 1; n++) {
      await cards.nth(n).locator('.photos').scrollIntoViewIfNeeded()
      await cards.nth(n).and(page.locator('[data-state=in]')).waitFor()
    }
    assert.equal(await page.locator('article[data-state=unseen]').count(), 1, 'the last one is not in sight')
    assert.match(await accept.innerText(), new RegExp(String(COUNT - 1)))
    await cards.last().scrollIntoViewIfNeeded()
    await cards.last().and(page.locator('[data-state=in]')).waitFor()
    await siti.look('seen')

    // Somebody else decides one of them meanwhile.
    const gone = await cards.nth(2).getAttribute('data-review')
    await decide(await signedIn(server, house.mate), gone, 'reject', 'photo_not_now')
    await accept.click()
    const dialog = page.locator('dialog[open]')
    await dialog.waitFor()
    await siti.look('confirm')
    await dialog.locator('textarea').fill('Jaringan padam.')
    await dialog.locator('.row button').first().click()
    await state(page, 'refused').first().waitFor()
    assert.ok((await page.locator(`article[data-review="${gone}"] .refused`).innerText()).length > 10)
    await siti.look('refused')
    const still = [...(await standing(server)).values()].filter((one) => one.state === 'open')
    assert.equal(still.length, COUNT - 1, 'all or none')

    await accept.click()
    await dialog.locator('textarea').fill('Jaringan padam.')
    await dialog.locator('.row button').first().click()
    await state(page, 'done').waitFor()
    await siti.look('done', { brief: true })
    for (const one of (await standing(server)).values()) {
      assert.equal(decisionsOf(one).length, 1)
      const by = one.id === gone ? house.mate : people.supervisor
      assert.equal(decisionsOf(one)[0].actor, by.name)
      assert.equal(one.ruling.decision, one.id === gone ? 'reject' : 'accept')
      if (one.id !== gone) assert.equal(one.ruling.note, 'Jaringan padam.')
    }
    await siti.open('#/queue')
    await siti.reload()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    assert.equal(await rows(page).count(), 0)
  },
)
