/** What a registration needs next, from what the server says is missing. */
export type Next =
  | { step: 'first' }
  | { step: 'again'; at: number }
  | { step: 'now' }
  | { step: 'tomorrow' }
  | { step: 'ready' }

export interface Readings {
  readings: readonly { taken_at: string; work_date: string; agrees: boolean }[]
  readings_missing: number
  days_missing: number
  ready: boolean
}

/** Readings count when they are an hour apart. */
const APART_MS = 3_600_000

export function next(have: Readings, today: string, now: number): Next {
  const last = have.readings.at(-1)
  if (have.ready) return { step: 'ready' }
  if (!last) return { step: 'first' }
  // All that is missing has to come from other days, and today has given its share.
  if (last.work_date === today && have.days_missing > 0 && have.readings_missing <= have.days_missing) {
    return { step: 'tomorrow' }
  }
  const at = Date.parse(last.taken_at) + APART_MS
  return at > now ? { step: 'again', at } : { step: 'now' }
}

export interface Count {
  done: number
  of: number
}

/** Readings and days that count so far; both grow when the server asks for more than usual. */
export function counts(have: Readings): { readings: Count; days: Count; apart: number } {
  const agreeing = have.readings.filter((reading) => reading.agrees)
  const days = new Set(agreeing.map((reading) => reading.work_date)).size
  return {
    readings: { done: agreeing.length, of: Math.max(3, agreeing.length + have.readings_missing) },
    days: { done: days, of: Math.max(2, days + have.days_missing) },
    apart: have.readings.length - agreeing.length,
  }
}

/** How well readings agree, as a person would say it. */
export function agreement(spreadM: number): 'close' | 'fair' | 'wide' {
  if (spreadM <= 10) return 'close'
  return spreadM <= 25 ? 'fair' : 'wide'
}
