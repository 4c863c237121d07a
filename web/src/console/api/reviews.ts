import type { Schemas } from '../../api/client'
import { blob, del, get, post } from './client'
import type { Page, Slot } from './types'

export type ReviewState = Schemas['ReviewState']
export type Finding = Schemas['FindingView']
export type Drawing = Schemas['Drawing']
export type Reason = Schemas['ReasonCode']
export type AcceptReason = Extract<
  Reason,
  'in_order' | 'device_imprecise' | 'place_explained' | 'photo_sufficient' | 'service_fault'
>
export type RejectReason = Exclude<Reason, AcceptReason>
export type Urgency = 'high' | 'normal' | 'low'
export type Claim = Schemas['ClaimView']
export type ReviewSummary = Schemas['ReviewSummary'] & { urgency: Urgency }
export type Attempt = Schemas['AttemptView']
export type Cause = Schemas['CauseView']
export type StripDay = Schemas['StripDay']
export type StripSlot = Schemas['StripSlot']
/** A step of the history; what its particulars are depends on its kind. */
export type Step = Omit<Schemas['EventView'], 'detail'> & { detail: Record<string, unknown> }
/** What is suggested is always a reason to accept. */
export type CaseView = Schemas['CaseView'] & { urgency: Urgency; suggested_reason: AcceptReason }
export type Counts = Schemas['Counts']
export type Agreement = Schemas['AgreementView']
export type Scope = 'mine' | 'all'

/** What the queue is narrowed down to. */
export interface Filters {
  state: ReviewState
  scope: Scope
  unit?: string | undefined
  slot?: Slot | undefined
  reason?: string | undefined
  older_than_h?: number | undefined
  cause?: string | undefined
}

export type Decide = Schemas['NewDecision'] & { version: number }
export type Ask = Schemas['NewQuestion']
export type AcceptTogether = Schemas['Together']

export const listReviews = (filters: Filters, after?: string | null): Promise<Page<ReviewSummary>> =>
  get('/reviews', { ...filters, after, limit: 50 })
export const countReviews = (scope: Scope): Promise<Counts> => get('/reviews/counts', { scope })
export const listClaims = (): Promise<Schemas['Claims']> => get('/reviews/claims')
export const readCase = (id: string, signal?: AbortSignal): Promise<CaseView> =>
  get(`/reviews/${id}`, undefined, { signal })

export const claimCase = (id: string): Promise<CaseView> => post(`/reviews/${id}/claim`)
/** `keepalive` when the page is being left. */
export const releaseCase = (id: string, keepalive = false): Promise<void> =>
  del(`/reviews/${id}/claim`, { keepalive })

export const decideCase = (id: string, decide: Decide): Promise<CaseView> =>
  post(`/reviews/${id}/decision`, decide)
export const undoCase = (id: string): Promise<CaseView> => del(`/reviews/${id}/decision`)
export const askPerson = (id: string, ask: Ask): Promise<CaseView> => post(`/reviews/${id}/question`, ask)

export const acceptTogether = (together: AcceptTogether): Promise<Schemas['AcceptedTogether']> =>
  post('/reviews/accept-together', together)
export const readAgreement = (month: string): Promise<Agreement> => get('/reviews/agreement', { month })

/** Longest side in pixels. */
export type Side = 320 | 1280
export const checkinPhoto = (id: string, side: Side, signal?: AbortSignal): Promise<Blob> =>
  blob(`/checkins/${id}/photo`, { side }, { signal, priority: side === 320 ? 'low' : 'high' })
export const answerPhoto = (id: string, side: Side, signal?: AbortSignal): Promise<Blob> =>
  blob(`/answers/${id}/photo`, { side }, { signal })
export const checkinMap = (id: string): Promise<Drawing> => get(`/checkins/${id}/map`)
