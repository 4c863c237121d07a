// Where somebody is: outside, too coarse to tell, or not told at all. Nothing of it is refused.

import assert from 'node:assert/strict'
import { answered, arrive, mainButton, shoot, state, toCamera } from '../support/acts.mjs'
import { checkinsOf } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { north } from '../support/phone.mjs'
import { scene } from '../support/scene.mjs'

const codes = (row) => row.findings.filter(({ flags }) => flags).map(({ code }) => code)

scene(
  'outside the fence is said before the photo and looked at by a person after it',
  async ({ server, phone, look }) => {
    const dewi = await phone({ at: north(400, 20) })
    const { page } = dewi
    await arrive(dewi)
    await toCamera(page)
    await state(page, 'outside').waitFor()
    await look(page, 'live')
    await shoot(page)
    assert.equal(await answered(page), 'flagged')
    await look(page, 'flagged')
    const [row] = await checkinsOf(server, people.morning)
    assert.deepEqual(codes(row), ['location.outside'])
    await mainButton(page).click()
    await state(page, 'flagged').waitFor()
    await look(page, 'today')
  },
)

scene('a coarse position is never called outside', async ({ server, phone, look }) => {
  const dewi = await phone({ at: north(200, 500) })
  const { page } = dewi
  await arrive(dewi)
  await toCamera(page)
  await state(page, 'cannot_tell').waitFor()
  await look(page, 'live')
  await shoot(page)
  assert.equal(await answered(page), 'flagged')
  assert.deepEqual(codes((await checkinsOf(server, people.morning))[0]), ['location.cannot_tell'])
})

scene('a better position that comes after the tap is still sent', async ({ server, phone }) => {
  const dewi = await phone({ at: north(10, 300) })
  const { page } = dewi
  await arrive(dewi)
  await toCamera(page)
  await shoot(page)
  await state(page, 'saved').waitFor()
  await dewi.moveTo(north(10, 9))
  assert.equal(await answered(page), 'received')
  assert.equal((await checkinsOf(server, people.morning))[0].verdict, 'accepted')
})

scene(
  'without the permission for the location there is help, and the check-in goes all the same',
  async ({ server, phone, look }) => {
    const dewi = await phone({ may: ['camera'] })
    const { page } = dewi
    await arrive(dewi)
    await toCamera(page)
    await state(page, 'position-denied').waitFor()
    await look(page, 'live')
    await state(page, 'position-denied').locator('summary').click()
    await look(page, 'help')
    await shoot(page)
    assert.equal(await answered(page), 'flagged')
    await look(page, 'flagged')
    assert.deepEqual(codes((await checkinsOf(server, people.morning))[0]), ['location.missing'])
  },
)
