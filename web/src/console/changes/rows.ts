import type { Payload } from '../api/changes'

/** The members of payloads that people read, in the order they read them; ids and names for programs are none of them. */
export const MEMBERS = [
  'nip',
  'role',
  'code',
  'unit',
  'slot',
  'value',
  'weekdays',
  'opens_minute',
  'closes_minute',
  'grace_minutes',
  'starts_at',
  'ends_at',
  'words_id',
  'words_en',
  'valid_from',
  'valid_to',
] as const
export type Member = (typeof MEMBERS)[number]

export interface Row {
  member: Member
  /** What it takes the place of; the same as `after` when this stays. */
  before: string | number | null | undefined
  after: string | number | null | undefined
  changed: boolean
}

/** Before and after, member by member; what neither of them has is left out. */
export function rows(after: Payload, before: Payload | null | undefined): Row[] {
  return MEMBERS.filter((member) => member in after).map((member) => ({
    member,
    before: before?.[member],
    after: after[member],
    changed: !!before && member in before && (before[member] ?? null) !== (after[member] ?? null),
  }))
}
