import type { Problem } from '../../api/problem'
import type { Ask, CaseView, Decide } from '../api/reviews'

// What a supervisor did to a case, and what happens to it after each answer of the server. Pure.

export type Act = ({ kind: 'decide' } & Decide) | ({ kind: 'ask' } & Ask)

export interface Deed {
  id: string
  act: Act
}

/** `undone`: taken back before it was sent. */
export type Stage = 'waiting' | 'sending' | 'done' | 'failed' | 'undone'

/** What was tried already, so that nothing is tried for ever. */
export interface Tried {
  claimed: boolean
  looked: boolean
  checked: boolean
  /** How often the answer did not come. */
  lost: number
}

export const UNTRIED: Tried = { claimed: false, looked: false, checked: false, lost: 0 }

/**
 * `claim`: take the case again and send once more. `look`: open the photo that the server has not seen opened.
 * `check`: it is done, maybe by this very deed, which a browser may have sent twice. `read`: nobody knows whether it was
 * done, so the case is read after a pause. `fail`: it was not done.
 */
export type Next = 'claim' | 'look' | 'check' | 'read' | 'fail'

/** How often an answer may be lost; with the pauses below that is about a minute. */
const MOST_LOST = 5

export function afterProblem({ code, status }: Problem, tried: Tried): Next {
  if (code === 'review-not-held' && !tried.claimed) return 'claim'
  if (code === 'photo-unseen' && !tried.looked) return 'look'
  if (code === 'review-decided' && !tried.checked) return 'check'
  if ((status === 0 || status >= 500 || status === 429) && tried.lost < MOST_LOST) return 'read'
  return 'fail'
}

export const count = (tried: Tried, next: Next): Tried => ({
  claimed: tried.claimed || next === 'claim',
  looked: tried.looked || next === 'look',
  checked: tried.checked || next === 'check',
  lost: tried.lost + Number(next === 'read'),
})

/** Milliseconds to wait before a case is read after so many lost answers. */
export const pause = (lost: number): number => Math.min(1000 * 2 ** (lost - 1), 20_000)

/** What a fresh view of the case says about a deed whose answer did not come, or that met itself. */
export function afterReading(deed: Deed, view: CaseView): 'done' | 'again' | 'other' {
  const { act } = deed
  if (act.kind === 'ask') {
    if (view.question?.text === act.text) return 'done'
    return view.state === 'open' ? 'again' : 'other'
  }
  // Only one's own decision can be taken back; a case decided by somebody else has no such time.
  if (view.state === 'decided')
    return view.undo_until && view.ruling?.decision === act.decision ? 'done' : 'other'
  return view.version === act.version ? 'again' : 'other'
}
