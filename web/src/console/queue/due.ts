import type { ReviewSummary } from '../api/reviews'

/** How long in the unit that fits: minutes below an hour, hours below two days, then days. */
export interface Span {
  unit: 'minutes' | 'hours' | 'days'
  n: number
}

export type Due = { kind: 'asked' } | { kind: 'overdue' | 'left'; span: Span }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export function span(ms: number): Span {
  if (ms < HOUR_MS) return { unit: 'minutes', n: Math.max(1, Math.floor(ms / MINUTE_MS)) }
  if (ms < 2 * DAY_MS) return { unit: 'hours', n: Math.floor(ms / HOUR_MS) }
  return { unit: 'days', n: Math.floor(ms / DAY_MS) }
}

/** What its target means now; while its person is asked the clock of a case stands still. */
export function due(
  item: Pick<ReviewSummary, 'state' | 'due_at' | 'overdue'>,
  nowMs: number,
): Due | undefined {
  if (item.state === 'decided') return undefined
  const left = Date.parse(item.due_at) - nowMs
  if (item.state === 'asked' && !item.overdue) return { kind: 'asked' }
  return left <= 0 ? { kind: 'overdue', span: span(-left) } : { kind: 'left', span: span(left) }
}
