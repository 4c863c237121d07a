import type { Page } from '../api/types'
import type { Claim, ReviewSummary } from '../api/reviews'

// The cases in the order in which they are to be looked at. Nothing here knows of a page or a server.

export interface Line {
  items: readonly ReviewSummary[]
  /** Where the server goes on; nothing when that was all. */
  next: string | null
}

export const EMPTY: Line = { items: [], next: null }

/** With what came after; a case that moved while it was read is not there twice. */
export function append(line: Line, page: Page<ReviewSummary>): Line {
  const known = new Set(line.items.map(({ id }) => id))
  return { items: [...line.items, ...page.items.filter(({ id }) => !known.has(id))], next: page.next ?? null }
}

export const without = (line: Line, id: string): Line => ({
  ...line,
  items: line.items.filter((item) => item.id !== id),
})

/** Puts a case back where it stood, before another one; at the front when that one is gone. */
export function putBack(line: Line, item: ReviewSummary, before: string | undefined): Line {
  const items = line.items.filter(({ id }) => id !== item.id)
  items.splice(
    Math.max(
      items.findIndex(({ id }) => id === before),
      0,
    ),
    0,
    item,
  )
  return { ...line, items }
}

/** With what is newer about one of its cases. */
export const refreshed = (line: Line, item: ReviewSummary): Line => ({
  ...line,
  items: line.items.map((old) => (old.id === item.id ? item : old)),
})

export type Passes = (item: ReviewSummary) => boolean

/** The first that passes after a case, then from the start on; from the start when the case is not there. */
export const following = (line: Line, id: string | undefined, passes: Passes): ReviewSummary | undefined =>
  round(line.items, id).find((item) => passes(item))

/** The last that passes before a case, then from the end on. */
export const preceding = (line: Line, id: string | undefined, passes: Passes): ReviewSummary | undefined =>
  [...round(line.items, id)].reverse().find((item) => passes(item))

/** The next few that pass, in order. */
export const upcoming = (line: Line, id: string | undefined, most: number, passes: Passes): ReviewSummary[] =>
  round(line.items, id).filter(passes).slice(0, most)

/** Everything but the case itself, beginning after it. */
function round(items: Line['items'], id: string | undefined): readonly ReviewSummary[] {
  const at = items.findIndex((item) => item.id === id)
  return at < 0 ? items : [...items.slice(at + 1), ...items.slice(0, at)]
}

/** Whether the end is so near that more should be read. */
export const nearsEnd = (line: Line, id: string | undefined, within = 6): boolean => {
  const at = line.items.findIndex((item) => item.id === id)
  return line.next !== null && at >= line.items.length - within
}

/** Position from 1 on; nothing when the case is not in the line. */
export function position(line: Line, id: string | undefined): number | undefined {
  const at = line.items.findIndex((item) => item.id === id)
  return at < 0 ? undefined : at + 1
}

/** Who else holds a case at an instant. */
export const heldBy = (claim: Claim | null | undefined, nowMs: number): string | undefined =>
  claim && !claim.mine && Date.parse(claim.expires_at) > nowMs ? claim.by : undefined
