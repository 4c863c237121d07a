// Prints how long a check-in takes on slow networks and a slow phone, and how long a supervisor waits for the next case.
// It asserts nothing. `check-in` or `console` as an argument measures that alone.
//
//   tap to saved: from the tap to "saved on this phone", on 2G
//   open to receipt: from opening the page, kept by its service worker, to the receipt on the screen, on 3G and a slow
//   processor. In it are a walk of two taps by somebody who does not wait, and the three seconds to take a photo back.
//   key to next case: from the key that decides to the frame in which the next case is drawn with its photo, for somebody
//   who looks at each case for a second and a half, in which the next ones are fetched

import { answered, kept, mainButton, settle, shoot, state, toCamera } from './support/acts.mjs'
import { people } from './support/city.mjs'
import {
  begin,
  painted,
  paintedTimes,
  ready,
  seedCases,
  staffed,
  startDesk,
  summed,
  team,
} from './support/desk.mjs'
import { startPhone } from './support/phone.mjs'
import { startServer } from './support/server.mjs'

const TIMES = 5
const DECISIONS = 20
/** How long somebody looks at a case. */
const LOOK_MS = 1500
const LABELS = {
  camera: 'open to live picture',
  saved: 'tap to saved on this phone',
  sent: 'upload until its answer',
  receipt: 'open to receipt on the screen',
  bytes: 'photo',
}
const kbit = (number) => (number * 1000) / 8
const networks = {
  'no emulation': undefined,
  '2G (280/256 kbit/s, 800 ms)': { latency: 800, downloadThroughput: kbit(280), uploadThroughput: kbit(256) },
  '3G (400/400 kbit/s, 400 ms), processor 4 times slower': {
    latency: 400,
    downloadThroughput: kbit(400),
    uploadThroughput: kbit(400),
    slow: 4,
  },
}

const only = process.argv[2]
if (only !== 'console') await measureCheckIns()
if (only !== 'check-in') await measureConsole()

async function measureCheckIns() {
  for (const [name, network] of Object.entries(networks)) {
    const runs = []
    for (let run = 0; run < TIMES; run++) runs.push(await once(network, (run % 8) + 1))
    const middle = (part) => runs.map((one) => one[part]).sort((a, b) => a - b)[Math.floor(TIMES / 2)]
    console.log(name)
    for (const part of ['camera', 'saved', 'sent', 'receipt', 'bytes']) {
      const unit = part === 'bytes' ? 'bytes' : 'ms'
      console.log(
        `  ${LABELS[part].padEnd(46)} ${String(middle(part)).padStart(7)} ${unit}   (${runs.map((one) => one[part]).join(', ')})`,
      )
    }
  }
}

async function measureConsole() {
  for (const [name, slow] of [
    ['no emulation', 1],
    ['processor 4 times slower', 4],
  ]) {
    const times = await triage(slow)
    const { median, worst } = summed(times)
    console.log(`key to next case, ${DECISIONS} decisions, ${name}`)
    console.log(`  median ${median} ms, worst ${worst} ms   (${times.map(Math.round).join(', ')})`)
  }
}

/** One decision after another by a supervisor; the time of each. */
async function triage(slow) {
  const server = await startServer(staffed(DECISIONS + 1))
  const desk = await startDesk(server, { who: people.supervisor })
  const { page } = desk
  try {
    await seedCases(server, team(DECISIONS + 1))
    await begin(desk)
    const devtools = await desk.context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow })
    for (let n = 0; n < DECISIONS; n++) {
      await ready(page)
      await page.waitForTimeout(LOOK_MS)
      await page.keyboard.press('a')
      await paintedTimes(page, n + 2)
    }
    // The first case was opened from the queue.
    return (await painted(page)).slice(1)
  } finally {
    await desk.stop()
    await server.stop()
  }
}

/** One check-in by a phone that has been used before. */
async function once(network, sees) {
  const server = await startServer()
  const phone = await startPhone(server, { who: people.morning, sees })
  try {
    await settle(phone)
    // The explanation comes once only; so does making the key.
    await toCamera(phone.page)
    await phone.restart()
    const { page } = phone
    const devtools = await phone.context.newCDPSession(page)
    if (network) await slowDown(devtools, network)
    const opened = performance.now()
    await phone.open()
    await state(page, 'next-checkin').waitFor()
    await mainButton(page).click()
    await state(page, 'live').waitFor()
    const camera = performance.now()
    await watchFor(page, '.result')
    await shoot(page)
    await page.locator('.result').waitFor()
    await page.waitForFunction(() => globalThis.e2eSeen)
    const saved = await page.evaluate(() => globalThis.e2eSeen - globalThis.e2eTapped)
    const [{ bytes }] = await kept(page)
    await answered(page, 120_000)
    const done = performance.now()
    const sent = await page.evaluate(() => {
      const upload = performance.getEntriesByType('resource').find(({ name }) => name.includes('/presence/'))
      return upload.responseEnd - upload.startTime
    })
    const whole = [camera - opened, saved, sent, done - opened].map(Math.round)
    return { camera: whole[0], saved: whole[1], sent: whole[2], receipt: whole[3], bytes }
  } finally {
    await phone.stop()
    await server.stop()
  }
}

async function slowDown(devtools, { slow, ...network }) {
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network })
  if (slow) await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow })
}

/** The page's own clock tells when the tap came and when the result was drawn. */
function watchFor(page, selector) {
  return page.evaluate((wanted) => {
    addEventListener('click', () => (globalThis.e2eTapped ??= performance.now()), { capture: true })
    new MutationObserver((_, observer) => {
      if (!document.querySelector(wanted)) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => (globalThis.e2eSeen = performance.now())))
    }).observe(document.body, { childList: true, subtree: true })
  }, selector)
}
