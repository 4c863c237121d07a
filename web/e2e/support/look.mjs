// Looks at a state of the page as its people would: both languages, light and dark, two sizes; and lets axe look too.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { LARGE, SMALL } from './phone.mjs'

const out = new URL('../out/screens/', import.meta.url).pathname
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
// `LOOKS=few` looks at each state in two of its ways, which differ in everything, where time is short.
const FEW = process.env['LOOKS'] === 'few'
/** The phone's two sizes, or those of a desk: a phone, a tablet, a screen. */
const SIZES = [SMALL, LARGE]
export const DESK_SIZES = [SMALL, { width: 768, height: 1024 }, { width: 1440, height: 900 }]
const ways = (sizes) =>
  ['id', 'en'].flatMap((lang) =>
    sizes.flatMap((size) => ['light', 'dark'].map((scheme) => ({ lang, size, scheme }))),
  )
const few = (sizes) => [
  { lang: 'id', size: sizes[0], scheme: 'light' },
  { lang: 'en', size: sizes.at(-1), scheme: 'dark' },
]
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A way to look for one test; its pictures are numbered in the order of the test. */
export function looker(test, complaints) {
  const folder = join(
    out,
    test
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/-$/, '')
      .slice(0, 80),
  )
  mkdirSync(folder, { recursive: true })
  let count = 0
  return async function look(page, name, { brief = false, sizes = SIZES } = {}) {
    const before = page.viewportSize()
    count += 1
    const start = `${String(count).padStart(2, '0')}-${name}`
    const picture = async (title) => {
      await page.screenshot({ path: join(folder, `${title}.png`) })
      complaints.push(...(await faults(page)).map((fault) => `${title}: ${fault}`))
    }
    // What lasts for a moment only is looked at once.
    if (brief) return picture(start)
    for (const { lang, size, scheme } of (FEW ? few : ways)(sizes)) {
      await speak(page, lang)
      await page.setViewportSize(size)
      await light(page, scheme)
      await picture(`${start}-${lang}-${size.width}-${scheme}`)
    }
    await speak(page, 'id')
    await page.setViewportSize(before)
    await light(page, 'light')
    await page.screenshot({ path: join(folder, `${start}-whole.png`), fullPage: true })
  }
}

/** What axe finds, text that runs out of the side, and a main button nobody sees. */
export async function faults(page) {
  await page.evaluate(`globalThis.axe || (() => { ${axe} })()`)
  const found = await page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run({ runOnly: { type: 'tag', values: rules } })
    const list = violations.map(
      ({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    )
    const root = document.documentElement
    if (root.scrollWidth > innerWidth) list.push(`wider than the screen: ${root.scrollWidth} > ${innerWidth}`)
    // It stays at the bottom, except under very large letters, where it would cover everything.
    const footer = document.querySelector('footer')
    const foot = footer && getComputedStyle(footer).position === 'sticky' && footer.getBoundingClientRect()
    if (foot && (foot.bottom > innerHeight + 1 || foot.top < 0)) list.push('the main button is out of sight')
    return list
  }, RULES)
  return found
}

/** Light or dark; what is drawn follows with the next frame. */
export async function light(page, colorScheme) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** Tells the page to speak another language where it stands: by the console's own choice, or by the phone page's function. */
export async function speak(page, lang) {
  await page.evaluate(async (wanted) => {
    const root = document.documentElement
    if (root.lang === wanted) return
    // The menu comes after the screen, which may have a choice of languages of its own; before a sign-in there is a button.
    const choice =
      [...document.querySelectorAll(`dialog input[type=radio][value="${wanted}"]`)].at(-1) ??
      document.querySelector(`main button:has(span[lang="${wanted}"])`)
    if (choice) {
      choice.click()
      while (root.lang !== wanted) await new Promise((resolve) => setTimeout(resolve, 20))
    } else {
      const script = document.querySelector('script[type=module][src]').src
      const parts = Object.values(await import(script))
      const setLang = parts.find(
        (part) => typeof part === 'function' && /documentElement\.lang/.test(String(part)),
      )
      // On a full phone the choice is not kept, and only shown.
      await setLang(wanted).catch(() => undefined)
    }
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  }, lang)
}

/** Fails when there was anything to complain about. */
export function assertNothing(complaints) {
  assert.deepEqual([...new Set(complaints)], [], 'complaints')
}
