// The console for everybody: keys that do not get in the way, a focus that is seen, narrow screens and large letters.

import assert from 'node:assert/strict'
import { people } from '../support/city.mjs'
import {
  arriveAt,
  begin,
  caseAt,
  ready,
  rows,
  saved,
  seedCases,
  staffed,
  standing,
  team,
} from '../support/desk.mjs'
import { faults } from '../support/look.mjs'
import { scene } from '../support/scene.mjs'

const decided = async (server) =>
  [...(await standing(server)).values()].filter((one) => one.state === 'decided').length

/** What is asked for by keys, and does nothing; the page stays at the case. */
async function nothingComesOf(page, server, keys) {
  const review = await caseAt(page)
  for (const key of keys) await page.keyboard.press(key)
  await page.waitForTimeout(300)
  assert.equal(await caseAt(page), review)
  assert.equal(await page.locator('dialog[open]').count(), 0)
  assert.equal(await decided(server), 0)
}

const choose = (page, value) =>
  page
    .locator('dialog[open] input[type=radio]')
    .evaluateAll((all, wanted) => all.find((one) => one.value === wanted).click(), value)

scene(
  'keys do nothing in a field, with another key held, or when they are turned off',
  staffed(3),
  async (all) => {
    const { server, desk } = all
    await seedCases(server, team(3))
    const siti = await desk()
    const { page } = siti
    await begin(siti)
    await nothingComesOf(page, server, ['Control+a', 'Alt+x', 'Control+z'])
    await page.keyboard.press('x')
    const note = page.locator('dialog[open] textarea')
    await note.click()
    await page.keyboard.type('1 kali saja, axe jz?')
    assert.equal(await note.inputValue(), '1 kali saja, axe jz?')
    assert.equal(await decided(server), 0)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('dialog[open]').count(), 0)
    await page.keyboard.press('e')
    await page.locator('dialog[open] textarea').click()
    await page.keyboard.type('axs')
    await page.keyboard.press('Escape')
    assert.equal(await decided(server), 0)

    await page.keyboard.press('?')
    await page.locator('dialog[open] dl').waitFor()
    await siti.look('help')
    await choose(page, 'no')
    await page.keyboard.press('Escape')
    await nothingComesOf(page, server, ['a', 'x', 'e', 's', 'j', 'z', '?', 'h', '/'])
    await page.locator('.actions .reject').click()
    await page.keyboard.press('1')
    assert.equal(await decided(server), 0, 'digits are keys, too')
    await page.keyboard.press('Escape')
    const review = await caseAt(page)
    await siti.reload()
    await ready(page, review)
    await nothingComesOf(page, server, ['a', 'x'])
    await page.locator('nav .menu').click()
    await choose(page, 'on')
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await saved(page)
    assert.equal(await decided(server), 1)
  },
)

scene(
  'every dialog of a case opens and closes with a key, and the focus comes back',
  staffed(1),
  async (all) => {
    const { server, desk } = all
    await seedCases(server, team(1))
    const siti = await desk()
    const { page } = siti
    await begin(siti)
    for (const [key, same] of [
      ['x', false],
      ['Shift+A', false],
      ['e', false],
      ['m', true],
      ['h', true],
      ['?', true],
    ]) {
      await page.locator('.actions .reject').focus()
      await page.keyboard.press(key)
      await page.locator('dialog[open] h2').waitFor()
      assert.ok(await page.evaluate(() => document.activeElement.closest('dialog[open]')), key)
      await page.keyboard.press(same ? key : 'Escape')
      await page.waitForFunction(() => !document.querySelector('dialog[open]'))
      assert.ok(await page.locator('.actions .reject').evaluate((one) => one === document.activeElement), key)
    }
  },
)

scene('the focus is seen wherever the Tab key leads', staffed(2), async ({ server, desk }) => {
  await seedCases(server, team(2))
  const siti = await desk()
  const { page } = siti
  await arriveAt(siti, '#/queue')
  await rows(page).first().waitFor()
  await walkAround(page)
  await rows(page).first().click()
  await ready(page)
  await walkAround(page)
})

/** Tabs once around the page. */
async function walkAround(page) {
  let reached = 0
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const { out, seen, what, size } = await page.evaluate(() => {
      const at = document.activeElement
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at)
      // A choice shows it on its label, whose button is hidden.
      const shown = at.matches('input[type=radio]') ? getComputedStyle(at.closest('label') ?? at) : null
      const { width, height } = at.getBoundingClientRect()
      return {
        out: at === document.body,
        seen:
          (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) ||
          boxShadow !== 'none' ||
          (shown !== null && (shown.outlineStyle !== 'none' || shown.boxShadow !== 'none')),
        what: at.outerHTML.slice(0, 100),
        size: width * height,
      }
    })
    if (out) break
    reached += 1
    assert.ok(seen && size > 0, `the focus cannot be seen on ${what}`)
  }
  assert.ok(reached >= 8, `only ${reached} places are reached`)
}

/** The queue, a case and everything that opens over it. */
async function walk(siti, prepare) {
  const { page } = siti
  const found = []
  const check = async (name) => {
    await prepare(page)
    await siti.look(name, { brief: true })
    found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`))
  }
  await arriveAt(siti, '#/queue')
  await rows(page).first().waitFor()
  await check('queue')
  await page.locator('details summary').click()
  await check('filters')
  await rows(page).first().click()
  await ready(page)
  await check('case')
  for (const [key, name] of [
    ['x', 'reject'],
    ['e', 'ask'],
    ['m', 'map'],
    ['h', 'history'],
    ['?', 'help'],
  ]) {
    await page.keyboard.press(key)
    await page.locator('dialog[open] h2').waitFor()
    if (name === 'map')
      await page.locator('dialog[open] svg[role=img], dialog[open] figure').first().waitFor()
    await check(name)
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !document.querySelector('dialog[open]'))
  }
  await page.keyboard.press('a')
  await ready(page)
  await check('decided')
  assert.deepEqual(found, [])
}

scene('at 320 pixels nothing of the console runs out of the side', staffed(2), async ({ server, desk }) => {
  await seedCases(server, team(2))
  await walk(await desk({ size: { width: 320, height: 640 } }), () => undefined)
})

scene(
  'with letters of twice the size the console can be read and used',
  staffed(2),
  async ({ server, desk }) => {
    await seedCases(server, team(2))
    const siti = await desk({ who: people.supervisor })
    const devtools = await siti.context.newCDPSession(siti.page)
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    await walk(siti, async (page) => {
      for (const width of [1440, 768]) {
        await page.setViewportSize({ width, height: 900 })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(wide <= 0, `${width}: ${wide} px too wide`)
      }
    })
  },
)
