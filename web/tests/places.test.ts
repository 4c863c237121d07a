import { describe, expect, it } from 'vitest'
import { longestDays, overview, plusDays, standing, type Place, type Request } from '../src/phone/home/places'

const words = { id: 'Rumah', en: 'Home' }
const home = (id: string, valid_from: string, more: Partial<Place> = {}): Place => ({
  id,
  words,
  kind: 'home',
  version: 1,
  valid_from,
  in_force: false,
  superseded: false,
  ...more,
})
const asked = (id: string, requested_at: string, more: Partial<Request> = {}): Request => ({
  id,
  requested_at,
  act: 'register',
  kind: 'home',
  state: 'pending',
  valid_from: '2026-11-24',
  reason_code: 'first_home',
  readings: 3,
  days: 2,
  ...more,
})
const today = '2026-11-23'

describe('own places', () => {
  it('tells the home in force from the one to come and the replaced one', () => {
    const places = [
      home('old', '2025-01-06', { in_force: true }),
      home('new', '2026-12-01'),
      home('never', '2026-11-30', { superseded: true }),
    ]
    const all = overview({ places, requests: [] }, today)
    expect([all.home?.id, all.coming?.id, all.hadHome]).toEqual(['old', 'new', true])
    expect(all.history.map((place) => place.id)).toEqual(['new', 'never', 'old'])
    expect(places.map((place) => standing(place, today))).toEqual(['now', 'later', 'replaced'])
    expect(standing(home('past', '2024-01-01'), today)).toBe('over')
  })

  it('shows the last request for a home while it matters', () => {
    const refused = asked('a', '2026-11-20T00:00:00Z', { state: 'refused' })
    const withdrawn = asked('b', '2026-11-21T00:00:00Z', { state: 'withdrawn' })
    const approved = asked('c', '2026-11-22T00:00:00Z', { state: 'approved' })
    const of = (requests: Request[]) => overview({ places: [], requests }, today).asked?.id
    expect(of([refused])).toBe('a')
    expect(of([refused, withdrawn])).toBe('a')
    expect(of([refused, approved])).toBeUndefined()
    expect(of([approved, asked('d', '2026-11-23T00:00:00Z')])).toBe('d')
  })

  it('keeps stays apart from homes', () => {
    const stay = asked('s', '2026-11-22T00:00:00Z', { kind: 'relative', reason_code: 'family' })
    const all = overview({ places: [], requests: [stay] }, today)
    expect([all.asked, all.stays.map((each) => each.id), all.settled]).toEqual([undefined, ['s'], []])
  })

  it('knows how long a stay may be', () => {
    expect([longestDays('relative'), longestDays('official_travel')]).toEqual([14, 90])
    expect(plusDays('2026-12-20', 13)).toBe('2027-01-02')
  })
})
