// Who sees what: administrators no evidence, supervisors nothing that is managed, others nothing.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { arrive, state } from '../support/acts.mjs'
import { ask, signedIn } from '../support/api.mjs'
import { people } from '../support/city.mjs'
import { arriveAt, checkIn, house } from '../support/desk.mjs'
import { managed, offered, status, to } from '../support/house.mjs'
import { north } from '../support/phone.mjs'
import { photo } from '../support/photos.mjs'
import { scene } from '../support/scene.mjs'

const MANAGED = ['', '/units', '/people', '/schedules', '/incidents', '/policy']
const SPEC = readFileSync(new URL('../../../api-spec/openapi.yaml', import.meta.url), 'utf8')
/** Addresses that show evidence, by the specification: photos, maps, check-ins and cases of others. */
const EVIDENCE = [...SPEC.matchAll(/^ {2}\/api\/v1(\/\S+):$/gm)]
  .map(([, path]) => path)
  .filter((path) => /\/(photo|map)$|^\/(reviews|checkins|answers)\b/.test(path))

/** A case with a photo, a map and an answer, and a place that is asked for. */
async function evidence(server, phone) {
  const { checkin_id: checkin } = await checkIn(server, people.morning, { metres: 400 })
  const siti = await signedIn(server, people.supervisor)
  const review = (await siti.get('/api/v1/reviews')).items[0].id
  await ask(siti, review, 'Di mana Anda?')
  const dewi = await signedIn(server, people.morning)
  const words = { id: '0198f0a0-0000-7000-8000-00000000a001', text: 'Di rumah.' }
  const form = new FormData()
  form.set('answer', new Blob([JSON.stringify(words)], { type: 'application/json' }))
  form.set('photo', new Blob([await readFile(await photo(5))], { type: 'image/jpeg' }), 'photo.jpg')
  const answer = await fetch(`${server.direct}/api/v1/me/reviews/${review}/answers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${dewi.token}` },
    body: form,
  })
  assert.ok(answer.ok, await answer.text())
  const agus = await phone({ who: people.colleague, at: north(3000, 15) })
  await arrive(agus)
  await agus.open('#/home/stay')
  await state(agus.page, 'nowhere').locator('button').click()
  await state(agus.page, 'located').waitFor()
  await agus.page.locator('input[autocomplete=off]').fill('800/123/2026')
  await agus.page.locator('button[type=submit]').click()
  await state(agus.page, 'pending').waitFor()
  const request = (await siti.get('/api/v1/place-requests')).items[0].id
  return { checkin, review, request, answer: words.id }
}

scene(
  'an administrator meets no evidence, whatever the address',
  managed(),
  async ({ server, phone, desk }) => {
    const ids = await evidence(server, phone)
    const token = await signedIn(server, house.administrator)
    const siti = await signedIn(server, people.supervisor)
    assert.ok(EVIDENCE.length >= 12, 'the specification names them')
    const seen = []
    for (const path of EVIDENCE) {
      // The agreement of reviewers is a statistic; for administrators it names nobody.
      if (path === '/reviews/agreement') continue
      const [, kind] = path.split('/')
      const id = {
        checkins: ids.checkin,
        answers: ids.answer,
        reviews: ids.review,
        'place-requests': ids.request,
      }
      const address = path.replace('{id}', id[kind])
      const method = /claim$|decision$|question$|together$/.test(path) ? 'POST' : 'GET'
      seen.push([address, await status(server, token, method, address, method === 'POST' ? {} : undefined)])
    }
    for (const [address, answered] of seen)
      assert.ok([403, 404].includes(answered), `${address}: ${answered}`)
    for (const path of [
      `/checkins/${ids.checkin}/photo?side=320`,
      `/answers/${ids.answer}/photo`,
      `/place-requests/${ids.request}/map`,
    ])
      assert.equal(await status(server, siti, 'GET', path), 200, 'the supervisor of the unit does')

    const ratna = await desk({ who: house.administrator })
    const { page } = ratna
    await arriveAt(ratna)
    assert.deepEqual(await offered(page), ['places', 'agreement', 'admin'])
    await to(ratna, '#/places')
    await state(page, 'empty').waitFor()
    for (const part of [...MANAGED, `/people/${people.morning.nip}`]) {
      await to(ratna, `#/admin${part}`)
      await page.locator('main').waitFor()
      assert.equal(await page.locator('main :is(img, canvas, video, svg[role=img])').count(), 0, part)
    }
    const asked = server.proxy.seen.filter(({ path }) => /\/(photo|map)\b|\/reviews(\/|\?|$)/.test(path))
    assert.deepEqual(
      asked.map(({ path }) => path).filter((path) => !path.includes('/agreement')),
      [],
      'nothing of it was even asked for',
    )
    await to(ratna, `#/places/${ids.request}`)
    await state(page, 'not-found').waitFor()
    for (const hash of ['queue', `case/${ids.review}`, 'group', 'today/PAGI', 'people']) {
      await to(ratna, `#/${hash}`).catch(() => undefined)
      await page.locator('main a[href="#/"]').waitFor()
    }
    await ratna.look('not-for-you')
    await page.locator('main a[href="#/"]').click()
    await state(page, 'empty').waitFor()
  },
)

scene('a supervisor has no administrator screens', managed(), async ({ server, desk }) => {
  const siti = await desk()
  const { page } = siti
  await arriveAt(siti)
  assert.deepEqual(await offered(page), ['queue', 'today', 'places', 'people', 'agreement'])
  for (const part of MANAGED) {
    await page.evaluate((hash) => (location.hash = hash), `#/admin${part}`)
    await page.locator('main a[href="#/"]').waitFor()
  }
  await siti.look('not-for-you', { brief: true })
  const own = await signedIn(server, people.supervisor)
  assert.equal(await status(server, own, 'GET', '/people'), 403)
  const value = {
    kind: 'policy',
    name: 'answer_days',
    value: 3,
    valid_from: '2099-01-01',
    reason: 'Mencoba.',
  }
  assert.equal(await status(server, own, 'POST', '/changes', value), 403)
  const outage = { unit: null, starts_at: '2026-11-23T00:00:00Z', ends_at: '2026-11-23T01:00:00Z' }
  assert.equal(await status(server, own, 'POST', '/incidents/preview', outage), 403)
  const password = { password: 'sandi-yang-baru' }
  assert.equal(await status(server, own, 'POST', `/people/${people.morning.nip}/password`, password), 403)
  // Another unit is as if it were not there.
  for (const [hash, code] of [
    ['#/today/TETANGGA', 'not-found'],
    ['#/people/' + house.stranger.nip, 'not-found'],
    ['#/people/delegations/018f0000-0000-7000-8000-000000000000', 'not-found'],
  ]) {
    await page.evaluate((next) => (location.hash = next), hash)
    await state(page, code).waitFor()
  }
  await siti.look('no-such-person', { brief: true })
})

scene('whoever has no role here is led to the page for checking in', managed(), async ({ desk }) => {
  const dewi = await desk({ who: people.morning })
  await arriveAt(dewi, '#/admin/people')
  await dewi.page.getByRole('heading', { name: `Selamat datang, ${people.morning.name}` }).waitFor()
  assert.deepEqual(await offered(dewi.page), [])
  assert.ok(await dewi.page.locator('main a[href="/phone"]').isVisible())
})
