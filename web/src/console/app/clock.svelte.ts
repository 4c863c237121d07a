import { whenClockRead } from '../api/client'

const TICK_MS = 10_000

let skew = $state(0)
let now = $state(Date.now())

whenClockRead((read) => {
  // The header has whole seconds: less than that is no difference.
  skew = Math.abs(read) < 2000 ? 0 : read
})
setInterval(() => (now = Date.now()), TICK_MS)
document.addEventListener('visibilitychange', () => (now = Date.now()))

/** The server's time as far as it is known, anew every ten seconds: for what is shown. */
export const serverNow = (): number => now + skew
/** The server's time at this moment. */
export const serverNowExact = (): number => Date.now() + skew
