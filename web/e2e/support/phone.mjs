// One person's phone: a Chromium of its own with a camera that sees a chosen photo, a place, and storage that stays.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { hear } from './browser.mjs'
import { CHROMIUM } from './chromium.mjs'
import { HOME, PASSWORD, zoneOf } from './city.mjs'
import { photo } from './photos.mjs'

export const SMALL = { width: 360, height: 740 }
export const LARGE = { width: 412, height: 915 }
const NEAR = { latitude: HOME.latitude + 0.000041, longitude: HOME.longitude - 0.000027, accuracy: 12 }

/** So many metres north of home, as a phone of that accuracy would tell it. */
export const north = (metres, accuracy) => ({ ...NEAR, latitude: HOME.latitude + metres / 111_195, accuracy })
const USER_AGENT =
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36'

/**
 * Starts a phone. `may` are the permissions its person gave (camera, geolocation), `at` is where it is (null: nowhere),
 * `sees` which photo its camera sees.
 */
export async function startPhone(
  server,
  { who, may = ['camera', 'geolocation'], at = NEAR, sees = 1, size = SMALL },
) {
  const folder = mkdtempSync(join(tmpdir(), 'hadir-phone-'))
  const camera = join(folder, 'camera.mjpeg')
  const complaints = []
  const phone = {
    who,
    complaints,
    context: undefined,
    page: undefined,
    /** Opens the phone page, or another part of it. */
    async open(hash = '') {
      await phone.page.goto(`${server.url}/phone${hash}`)
      await phone.page.waitForSelector('h1')
    },
    async reload() {
      await phone.page.reload()
      await phone.page.waitForSelector('h1')
    },
    /** Another tab of the same browser. */
    async tab() {
      const page = await phone.context.newPage()
      return page
    },
    /** The browser is closed and opened again, with all it keeps; the camera may see something else now. */
    async restart({ sees: next = sees, may: allowed = may } = {}) {
      await phone.context.close()
      sees = next
      may = allowed
      await start()
    },
    moveTo: (place) => phone.context.setGeolocation(place),
    offline: (off = true) => phone.context.setOffline(off),
    /** The phone's clock goes as the server's does; what is on the screen follows at the next start. */
    async followClock() {
      await phone.page.evaluate((ms) => globalThis.e2eAhead(ms), server.ahead())
    },
    async stop() {
      await phone.context?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  async function start() {
    copyFileSync(await photo(sees), camera)
    phone.context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${camera}`,
      ],
      viewport: size,
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
      userAgent: USER_AGENT,
      locale: 'id-ID',
      timezoneId: zoneOf(who),
      permissions: may,
      geolocation: at ?? undefined,
      reducedMotion: 'reduce',
      acceptDownloads: true,
    })
    await phone.context.addInitScript(shiftClock, server.ahead())
    await hear(phone.context, server, complaints)
    phone.page = phone.context.pages()[0] ?? (await phone.context.newPage())
  }

  await start()
  return phone
}

/** Runs in every page before its own script: a clock that can be put forward. */
function shiftClock(atStart) {
  let ahead = Math.max(atStart, Number(safely(() => localStorage.getItem('e2e-ahead')) ?? 0))
  globalThis.e2eAhead = (ms) => {
    ahead = ms
    localStorage.setItem('e2e-ahead', String(ms))
  }
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [RealDate.now() + ahead]))
    }
    static now() {
      return RealDate.now() + ahead
    }
  }
  const stamp = Object.getOwnPropertyDescriptor(GeolocationPosition.prototype, 'timestamp')
  Object.defineProperty(GeolocationPosition.prototype, 'timestamp', {
    get() {
      return stamp.get.call(this) + ahead
    },
  })
  function safely(read) {
    try {
      return read()
    } catch {
      return null
    }
  }
}

/** Types NIP and password and waits for the day. */
export async function signIn(page, who, password = PASSWORD) {
  await page.locator('input[name=nip]').fill(who.nip)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('[data-state^=next-]:not([data-state=next-unknown])').waitFor()
}
