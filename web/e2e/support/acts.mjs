// What people do on the page, by roles and states rather than by words.

import assert from 'node:assert/strict'
import { signIn } from './phone.mjs'

export const state = (page, name) => page.locator(`[data-state="${name}"]`)
export const mainButton = (page) => page.locator('footer').locator('a, button').first()

/** Opens the page and signs in. */
export async function arrive(phone) {
  await phone.open()
  await signIn(phone.page, phone.who)
}

/** Opens the page so that its service worker is in charge, as on every day but the first. */
export async function settle(phone) {
  await arrive(phone)
  await phone.page.evaluate(() => navigator.serviceWorker.ready)
  await phone.reload()
  await phone.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await state(phone.page, 'next-checkin').waitFor()
}

/** From the day to the live picture; the first time, past the explanation. */
export async function toCamera(page) {
  await mainButton(page).click()
  await page.locator('[data-state=intro], [data-state=live]').first().waitFor()
  if (await state(page, 'intro').isVisible()) await mainButton(page).click()
  await state(page, 'live').waitFor()
}

export const shoot = (page) => page.locator('footer button').click()

/** From the day to the photo that is kept on the phone. */
export async function takePhoto(page) {
  await toCamera(page)
  await shoot(page)
  await page.locator('.result').waitFor()
}

/** Waits for the answer to what was sent, and gives how it was taken. */
export async function answered(page, wait = 20_000) {
  const result = page.locator(
    '.result[data-state=received], .result[data-state=flagged], .result[data-state=refused]',
  )
  await result.waitFor({ timeout: wait })
  await page.locator('[data-state=receipt], [data-state=kept]').first().waitFor()
  return result.getAttribute('data-state')
}

/** Everything in one store of the page's own database; photos are told by their length. */
const stored = (page, store) =>
  page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('hadir')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction(name).objectStore(name).getAll()
          reading.onsuccess = () => {
            opening.result.close()
            const told = ({ photo, ...item }) => ({ ...item, bytes: photo?.byteLength ?? 0 })
            // Values of other kinds stay as they are.
            resolve(reading.result.map((item) => (name === 'outbox' ? told(item) : item)))
          }
        }
      }),
    store,
  )

/** The check-ins on this phone, as the page keeps them; without the photos. */
export const kept = (page) => stored(page, 'outbox')

/** Waits until the phone has written these words down. */
export async function writtenDown(page, words) {
  while (!(await stored(page, 'values')).includes(words)) await page.waitForTimeout(20)
}

/** Waits until a new screen is read from its name, which is where the Tab key then starts from. */
export const named = (page) => page.waitForFunction(() => document.activeElement?.tagName === 'H1')

/** Tabs to what a selector names, and sees that the focus can be seen on the way. */
export async function tabTo(page, selector, most = 12) {
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab')
    const { there, seen, what } = await page.evaluate((wanted) => {
      const at = document.activeElement
      const style = getComputedStyle(at)
      return {
        there: at.matches(wanted),
        seen: at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none',
        what: at.outerHTML.slice(0, 80),
      }
    }, selector)
    assert.ok(seen, `the focus cannot be seen on ${what}`)
    if (there) return
  }
  assert.fail(`${selector} is not reached with the Tab key`)
}
