import type { Schemas } from '../../api/client'

// What the console's routes answer.

export type Words = Schemas['Words']
/** An instant, RFC 3339 in UTC. */
export type Instant = Schemas['Timestamp']
/** A civil date, `2026-11-23`. */
export type CivilDate = Schemas['WorkDate']
export type Role = Schemas['Role']
export type Slot = Schemas['Slot']
export type Decision = Schemas['Decision']
export type Me = Schemas['Me']

export interface Page<T> {
  items: T[]
  next: string | null
}
