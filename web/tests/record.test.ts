import { describe, expect, it } from 'vitest'
import { byDay, isMonth, paging, shift } from '../src/nav/months'
import { caseStanding, standing } from '../src/phone/record/standing'

describe('months', () => {
  it('knows a month', () => {
    expect(['2026-11', '2026-13', '2026-1', '', undefined].map(isMonth)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('turns over the year', () => {
    expect(shift('2026-01', -1)).toBe('2025-12')
    expect(shift('2025-12', 1)).toBe('2026-01')
    expect(shift('2026-11', -23)).toBe('2024-12')
  })

  it('shows this month when nothing or nonsense is asked for', () => {
    expect(paging(undefined, '2026-11')).toEqual({ month: '2026-11', before: '2026-10', after: null })
    expect(paging('later', '2026-11').month).toBe('2026-11')
  })

  it('goes neither past this month nor before the service', () => {
    expect(paging('2027-02', '2026-11').month).toBe('2026-11')
    expect(paging('1999-02', '2026-11')).toEqual({ month: '2020-01', before: null, after: '2020-02' })
    expect(paging('2026-10', '2026-11').after).toBe('2026-11')
  })

  it('gathers rows by day, also those that came late', () => {
    const rows = ['2026-11-23', '2026-11-20', '2026-11-23', '2026-11-22'].map((work_date, id) => ({
      work_date,
      id,
    }))
    expect(byDay(rows).map((day) => [day.date, day.rows.map((row) => row.id)])).toEqual([
      ['2026-11-23', [0, 2]],
      ['2026-11-22', [3]],
      ['2026-11-20', [1]],
    ])
  })
})

describe('how a check-in stands', () => {
  const ruled = (decision: 'accept' | 'reject', decided_at: string) => ({
    review_id: decided_at,
    state: 'decided' as const,
    decision,
    decided_at,
  })

  it('is what the rules said while nobody decided', () => {
    expect(standing({ verdict: 'accepted', reviews: [] })).toBe('accepted')
    expect(standing({ verdict: 'flagged', reviews: [{ review_id: 'a', state: 'open' }] })).toBe('flagged')
  })

  it('is what a person decided last', () => {
    const reviews = [ruled('accept', '2026-11-24T01:00:00Z'), ruled('reject', '2026-11-23T01:00:00Z')]
    expect(standing({ verdict: 'flagged', reviews })).toBe('ruledAccept')
    expect(standing({ verdict: 'flagged', reviews: reviews.slice(1) })).toBe('ruledReject')
  })
})

describe('how a case stands', () => {
  const answer = { id: 'a', text: 'Di rumah', answered_at: '2026-11-23T01:00:00Z', has_photo: false }
  const ruling = {
    decision: 'reject' as const,
    reason_code: 'not_at_place' as const,
    reason_words: { id: '', en: '' },
    note: null,
    decided_at: '2026-11-23T01:00:00Z',
    decided_by: 'Sri',
  }

  it('waits for the person only while a question is open', () => {
    expect(caseStanding({ state: 'asked', answers: [answer], ruling: null })).toBe('asked')
    expect(caseStanding({ state: 'open', answers: [answer], ruling: null })).toBe('answered')
    expect(caseStanding({ state: 'open', answers: [], ruling: null })).toBe('open')
  })

  it('shows the decision, and an appeal before it', () => {
    expect(caseStanding({ state: 'decided', answers: [], ruling })).toBe('reject')
    expect(caseStanding({ state: 'appealed', answers: [], ruling })).toBe('appealed')
  })
})
