import type { Schemas } from '../../api/client'
import { get, post } from './client'
import type { Page } from './types'

// Requests for a place: who wants to check in where, for somebody else to decide.

export type RequestSummary = Schemas['PlaceCaseSummary']
export type RequestCase = Schemas['PlaceCase']
export type PlaceDecision = Schemas['PlaceDecision']
export type Drawing = Schemas['Drawing']

/** Those that wait for this person, oldest first. */
export const requests = (after?: string | null): Promise<Page<RequestSummary>> =>
  get('/place-requests', { after, limit: 50 })
export const request = (id: string): Promise<RequestCase> => get(`/place-requests/${encodeURIComponent(id)}`)
/** Each look is logged. */
export const requestMap = (id: string): Promise<Drawing> =>
  get(`/place-requests/${encodeURIComponent(id)}/map`)
export const decide = (
  id: string,
  decision: PlaceDecision,
  note: string | null,
): Promise<Schemas['PlaceRequestView']> =>
  post(`/place-requests/${encodeURIComponent(id)}/decision`, {
    decision,
    note,
  } satisfies Schemas['NewPlaceDecision'])
