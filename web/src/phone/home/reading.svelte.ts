import { bestAccuracy, readFixes, type Fix } from '../position/fixes'

const LONGEST_MS = 8000

/** Taking a position, as a screen shows it while it goes on. */
export class Reading {
  busy = $state(false)
  /** How much of the longest time is over, 0 to 1. */
  share = $state(0)
  accuracyM = $state<number>()
  /** Whether the phone may not tell where it is. */
  denied = $state(false)

  /** All fixes of one reading; none when the phone gave none. */
  async take(): Promise<Fix[]> {
    const begun = Date.now()
    const tick = setInterval(() => (this.share = Math.min(1, (Date.now() - begun) / LONGEST_MS)), 250)
    this.busy = true
    this.share = 0
    this.accuracyM = undefined
    try {
      const { fixes, error } = await readFixes((soFar) => (this.accuracyM = bestAccuracy(soFar)))
      this.denied = error === 'denied'
      return fixes
    } finally {
      clearInterval(tick)
      this.busy = false
    }
  }
}

/** The fix with the smallest stated accuracy. */
export const bestFix = (fixes: readonly Fix[]): Fix | undefined =>
  [...fixes].sort((a, b) => (a.accuracy_m ?? Infinity) - (b.accuracy_m ?? Infinity))[0]
