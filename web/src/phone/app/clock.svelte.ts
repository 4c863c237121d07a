import { whenClockRead } from '../../api/client'

const TICK_MS = 10_000

let skew = $state(0)
let now = $state(Date.now())
let online = $state(navigator.onLine)

whenClockRead((read) => (skew = read))
setInterval(() => (now = Date.now()), TICK_MS)
addEventListener('online', () => (online = true))
addEventListener('offline', () => (online = false))
document.addEventListener('visibilitychange', () => (now = Date.now()))

/** The server's time as far as it is known, for what is shown; what is sent carries the phone's own clock. */
export const serverNow = (): number => now + skew
/** Whole minutes between the two clocks when that is worth saying. */
export const clockOff = (): number | undefined =>
  Math.abs(skew) > 120_000 ? Math.round(Math.abs(skew) / 60_000) : undefined
export const isOnline = (): boolean => online
