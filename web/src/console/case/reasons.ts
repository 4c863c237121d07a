import type { AcceptReason, RejectReason } from '../api/reviews'
import type { Decision } from '../api/types'

/** In the order of their digits. */
export const ACCEPT: readonly AcceptReason[] = [
  'in_order',
  'device_imprecise',
  'place_explained',
  'photo_sufficient',
  'service_fault',
]
export const REJECT: readonly RejectReason[] = [
  'not_at_place',
  'not_the_person',
  'photo_not_now',
  'photo_unreadable',
  'position_not_genuine',
]
export const reasonsOf = (decision: Decision): readonly (AcceptReason | RejectReason)[] =>
  decision === 'accept' ? ACCEPT : REJECT

/** Characters that a note, or a question, may have. */
export const NOTE_MAX = 1000
