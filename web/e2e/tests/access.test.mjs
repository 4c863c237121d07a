// For everybody: with a keyboard alone, on a narrow screen, with large letters.

import assert from 'node:assert/strict'
import { answered, arrive, named, state, tabTo, takePhoto } from '../support/acts.mjs'
import { people, PASSWORD } from '../support/city.mjs'
import { faults } from '../support/look.mjs'
import { scene } from '../support/scene.mjs'

scene('a check-in needs nothing but a keyboard', async ({ phone }) => {
  const dewi = await phone()
  const { page } = dewi
  await dewi.open()
  await tabTo(page, 'input[name=nip]')
  await page.keyboard.type(people.morning.nip)
  await tabTo(page, 'input[name=password]')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await state(page, 'next-checkin').waitFor()
  await named(page)
  await tabTo(page, 'footer a')
  await page.keyboard.press('Enter')
  await state(page, 'intro').waitFor()
  await named(page)
  await tabTo(page, 'footer button')
  await page.keyboard.press('Enter')
  await state(page, 'live').waitFor()
  await page.waitForFunction(() => document.querySelector('footer button')?.disabled === false)
  await tabTo(page, 'footer button')
  await page.keyboard.press('Space')
  assert.equal(await answered(page), 'received')
  await tabTo(page, 'footer a')
  await page.keyboard.press('Enter')
  await page.locator('header button').waitFor()
  await named(page)
  await tabTo(page, 'header button')
  await page.keyboard.press('Enter')
  await page.locator('dialog[open]').waitFor()
  await page.keyboard.press('Escape')
  await page
    .locator('dialog[open]')
    .waitFor({ state: 'detached' })
    .catch(() => undefined)
  assert.equal(await page.locator('dialog[open]').count(), 0)
})

/** The screens that are walked through, and what shows that they are there. */
const screens = [
  ['', '[data-state^=next-]'],
  ['#/home', '[data-state=held]'],
  ['#/home/stay', 'form'],
  ['#/record', '.thumb'],
  ['#/devices', '[data-state=this]'],
  ['#/help', 'main section'],
]

async function walk(dewi, check) {
  const { page } = dewi
  for (const [hash, there] of screens) {
    await dewi.open(hash)
    await page.locator(there).first().waitFor()
    await check(hash || 'today')
  }
  await dewi.open('#/record')
  await page.locator('main ul a').first().click()
  await page.locator('.frame[data-state=shown]').waitFor()
  await check('checkin')
  await dewi.open('#/capture/morning')
  await state(page, 'live').waitFor()
  await check('capture')
}

async function walkNarrow(dewi, look, prepare) {
  const { page } = dewi
  await arrive(dewi)
  await takePhoto(page)
  await answered(page)
  const found = []
  await walk(dewi, async (name) => {
    await page.setViewportSize({ width: 320, height: 640 })
    await prepare(page)
    await look(page, name.replace(/\W+/g, '-'), { brief: true })
    found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`))
  })
  assert.deepEqual(found, [])
}

scene('at 320 pixels nothing runs out of the side', async ({ phone, look }) => {
  await walkNarrow(await phone(), look, async () => undefined)
})

scene('with letters of twice the size everything can still be read and reached', async ({ phone, look }) => {
  const dewi = await phone()
  const devtools = await dewi.context.newCDPSession(dewi.page)
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
  await walkNarrow(dewi, look, async () => undefined)
})
