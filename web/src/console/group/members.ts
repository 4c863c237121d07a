import type { AcceptReason, CaseView, ReviewSummary } from '../api/reviews'

// Which cases of a group can be accepted together, and with which reason. Pure.

/** Most that the server takes at once. */
export const MOST = 20
const FEWEST = 2

export interface Member {
  item: ReviewSummary
  /** Read once its card comes into sight. */
  view?: CaseView
  /** All its photos were loaded and in sight. */
  seen: boolean
  /** Left out by hand. */
  out: boolean
  /** Why the server left it out. */
  refused?: { id: string; en: string }
}

/** Why a case is not part of it; nothing when it is. */
export type Without = 'held' | 'asked' | 'out' | 'refused' | 'unseen' | undefined

export function without(member: Member, holder: string | undefined): Without {
  if (member.refused) return 'refused'
  if (holder) return 'held'
  if (member.item.state === 'asked') return 'asked'
  if (member.out) return 'out'
  return member.seen ? undefined : 'unseen'
}

export const enough = (count: number): boolean => count >= FEWEST && count <= MOST

/** The reason that is suggested for most of them; the first of several. */
export function commonReason(members: readonly Member[]): AcceptReason {
  const counts = new Map<AcceptReason, number>()
  for (const { view } of members)
    if (view) counts.set(view.suggested_reason, (counts.get(view.suggested_reason) ?? 0) + 1)
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return first?.[0] ?? 'device_imprecise'
}
