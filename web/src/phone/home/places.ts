import type { Schemas } from '../../api/client'

export type Place = Schemas['PlaceView']
export type Request = Schemas['PlaceRequestView']
export type Kind = Schemas['PlaceKind']
export type Stay = Exclude<Kind, 'home'>

/** What a person has and waits for, out of everything that was ever asked. */
export interface Overview {
  /** The home in force. */
  home: Place | undefined
  /** An approved home that begins later. */
  coming: Place | undefined
  /** Whether there ever was a home: the next one is a change. */
  hadHome: boolean
  /** The request for a home that waits, or that was refused last. */
  asked: Request | undefined
  /** Temporary places that wait for a decision. */
  stays: Request[]
  /** Requests that are decided or withdrawn, newest first. */
  settled: Request[]
  /** Every version of every place, newest first. */
  history: Place[]
}

export function overview({ places, requests }: Schemas['MyPlaces'], today: string): Overview {
  const homes = places.filter((place) => place.kind === 'home' && !place.superseded)
  const newest = [...requests].sort((a, b) => b.requested_at.localeCompare(a.requested_at))
  const lastHome = newest.find((request) => request.kind === 'home' && request.state !== 'withdrawn')
  const matters = lastHome?.state === 'pending' || lastHome?.state === 'refused'
  return {
    home: homes.find((place) => place.in_force),
    coming: homes.find((place) => place.valid_from > today),
    hadHome: homes.length > 0,
    asked: matters ? lastHome : undefined,
    stays: newest.filter((request) => request.kind !== 'home' && request.state === 'pending'),
    settled: newest.filter((request) => request.state !== 'pending'),
    history: [...places].sort((a, b) => b.valid_from.localeCompare(a.valid_from)),
  }
}

export function standing(place: Place, today: string): 'now' | 'later' | 'over' | 'replaced' {
  if (place.superseded) return 'replaced'
  if (place.in_force) return 'now'
  return place.valid_from > today ? 'later' : 'over'
}

/** The reason follows from the kind; asking for it again would only invite mistakes. */
export const reasonOf: Record<Stay, Schemas['PlaceReason']> = {
  relative: 'family',
  hospital: 'medical',
  isolation: 'medical',
  official_travel: 'duty',
  disaster: 'disaster',
}

export const longestDays = (kind: Stay): number => (kind === 'official_travel' ? 90 : 14)

/** A civil date some days later. */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
