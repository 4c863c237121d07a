import type { Schemas } from '../../api/client'

/** What the server counts of one slot. Those who are excused are not among the expected. */
export type Totals = Schemas['Tally']

/** The pieces of a bar, in their order. `ahead`: due later, when the window opens. */
export const PARTS = ['received', 'missing_yet', 'missing', 'ahead', 'excused'] as const
export type Part = (typeof PARTS)[number]

export interface Piece {
  part: Part
  count: number
  /** Of the whole bar, 0 to 1. */
  share: number
}

/** The pieces that are not empty; none when nothing is due. */
export function pieces(totals: Totals): Piece[] {
  const { expected, received, missing_yet, missing, excused } = totals
  const ahead = Math.max(0, expected - received - missing_yet - missing)
  const counts = { received, missing_yet, missing, excused, ahead }
  const whole = PARTS.reduce((sum, part) => sum + counts[part], 0)
  return PARTS.filter((part) => counts[part] > 0).map((part) => ({
    part,
    count: counts[part],
    share: counts[part] / whole,
  }))
}

interface SlotState {
  state: string
}

/** Whether somebody still has to check in: the window is open, or over without anything. */
export const isMissing = ({ state }: SlotState): boolean => state === 'missing_yet' || state === 'missing'

interface Judged {
  verdict?: string | null
  decision?: string | null
}

/** Whether a person still has to look at what came. */
export const toBeLookedAt = ({ verdict, decision }: Judged): boolean => verdict === 'flagged' && !decision
