import { describe, expect, it } from 'vitest'
import {
  byClock,
  itemOf,
  nextOf,
  openAnyway,
  slotsOf,
  standing,
  type SlotToday,
  type Today,
  type WindowView,
} from '../src/phone/today/status'
import { anItem, aReceipt } from './items'

const window = (
  slot: 'morning' | 'evening',
  date: string,
  from: string,
  to: string,
  grace: string,
): WindowView => ({
  slot,
  work_date: date,
  opens: `${date}T${from}:00+07:00`,
  closes: `${date}T${to}:00+07:00`,
  grace_ends: `${date}T${grace}:00+07:00`,
  words: { id: '', en: '' },
})
const MORNING = window('morning', '2026-11-23', '06:00', '08:00', '08:30')
const EVENING = window('evening', '2026-11-23', '16:00', '18:00', '18:30')
const TOMORROW = window('morning', '2026-11-24', '06:00', '08:00', '08:30')
const at = (clock: string, date = '2026-11-23'): number => Date.parse(`${date}T${clock}:00+07:00`)

const today = (given: Partial<Today> = {}): Today => ({
  work_date: '2026-11-23',
  now: '2026-11-23T00:00:00Z',
  time_zone: 'Asia/Jakarta',
  slots: [{ window: MORNING }, { window: EVENING }],
  day: { kind: 'working', words: { id: '', en: '' }, until: null },
  incidents: [],
  cases_waiting: 0,
  upcoming: [TOMORROW],
  ...given,
})
const received = (
  verdict: 'accepted' | 'examining' | 'flagged',
  decision?: 'accept' | 'reject',
): SlotToday => ({
  window: MORNING,
  presence: {
    slot: 'morning',
    state: 'received',
    verdict,
    timing: 'on_time',
    first_received_at: '2026-11-23T00:05:07Z',
    best_checkin_id: 'c1',
    attempts: 1,
    ...(decision && { decision }),
  },
})

describe('a window', () => {
  it('is early, open, late, closed', () => {
    expect(
      ['05:59', '06:00', '07:59', '08:00', '08:29', '08:30'].map((clock) => byClock(MORNING, at(clock))),
    ).toEqual(['early', 'open', 'open', 'late', 'late', 'closed'])
  })
})

describe('where a slot stands', () => {
  it('is what is on the phone before what the server has', () => {
    expect(standing({ window: MORNING }, anItem(), undefined, at('07:00'))).toBe('saved')
    expect(standing(received('flagged'), anItem({ tries: 1 }), undefined, at('07:00'))).toBe('waiting')
  })

  it('is what the server says once it has answered', () => {
    expect(standing(received('accepted'), undefined, undefined, at('07:00'))).toBe('received')
    expect(standing(received('flagged'), undefined, undefined, at('07:00'))).toBe('flagged')
    expect(standing(received('examining'), undefined, undefined, at('07:00'))).toBe('examining')
    const told = anItem({ state: 'received', receipt: aReceipt('examining') })
    expect(standing(received('flagged'), told, undefined, at('07:00'))).toBe('flagged')
    expect(standing(received('flagged', 'accept'), undefined, undefined, at('07:00'))).toBe('received')
    expect(standing(received('flagged', 'reject'), undefined, undefined, at('07:00'))).toBe('rejected')
    expect(standing(received('accepted'), anItem({ state: 'refused' }), undefined, at('07:00'))).toBe(
      'received',
    )
  })

  it('is the receipt on the phone when the day was loaded before it', () => {
    const done = anItem({ state: 'received', receipt: aReceipt('flagged') })
    expect(standing({ window: MORNING }, done, undefined, at('07:00'))).toBe('flagged')
  })

  it('takes the latest photo of that day', () => {
    const items = [anItem({ id: 'old', day: '2026-11-22' }), anItem({ id: 'a' }), anItem({ id: 'b' })]
    expect(itemOf(items, 'morning', '2026-11-23')?.id).toBe('b')
    expect(itemOf(items, 'evening', '2026-11-23')).toBeUndefined()
  })
})

describe('what to do next', () => {
  const next = (given: Partial<Today>, stands: Parameters<typeof nextOf>[1], clock: string, hasHome = true) =>
    nextOf(today(given), stands, at(clock), hasHome)

  it('is the check-in whose window is open', () => {
    expect(next({}, ['open', 'early'], '07:00')).toEqual({ kind: 'checkin', slot: 'morning' })
    expect(next({ cases_waiting: 2 }, ['late', 'early'], '08:10', false)).toEqual({
      kind: 'checkin',
      slot: 'morning',
    })
    expect(next({}, ['received', 'open'], '16:30')).toEqual({ kind: 'checkin', slot: 'evening' })
  })

  it('is another try when the first was refused in time', () => {
    expect(next({}, ['refused', 'early'], '07:00')).toEqual({ kind: 'checkin', slot: 'morning' })
    expect(next({}, ['refused', 'early'], '10:00')).toMatchObject({ kind: 'wait' })
  })

  it('is an answer, then a home, then to wait', () => {
    expect(next({ cases_waiting: 1 }, ['received', 'early'], '09:00', false)).toEqual({ kind: 'answer' })
    expect(next({}, ['received', 'early'], '09:00', false)).toEqual({ kind: 'home' })
    expect(next({}, ['received', 'early'], '09:00')).toEqual({ kind: 'wait', window: EVENING })
    expect(next({}, ['received', 'received'], '19:00')).toEqual({ kind: 'wait', window: TOMORROW })
    expect(next({ upcoming: [] }, ['received', 'received'], '19:00')).toEqual({ kind: 'none' })
  })
})

describe('a day without check-ins', () => {
  const leave = {
    day: { kind: 'leave', words: { id: '', en: '' }, until: '2026-11-24' },
  } satisfies Partial<Today>

  it('asks for nothing, tomorrow included', () => {
    expect(slotsOf(today(leave), at('07:00'))).toEqual([])
    expect(nextOf(today(leave), [], at('07:00'), true)).toEqual({ kind: 'none' })
  })

  it('still lets somebody check in, because a roster may be wrong', () => {
    expect(openAnyway(today(leave), at('07:00'))).toBe('morning')
    expect(openAnyway(today(leave), at('12:00'))).toBeUndefined()
    expect(openAnyway(today({ ...leave, slots: [received('accepted')] }), at('07:00'))).toBeUndefined()
    expect(openAnyway(today(), at('07:00'))).toBeUndefined()
  })
})

describe('an answer that was kept', () => {
  it('serves the next day by its coming windows', () => {
    expect(slotsOf(today(), at('07:00', '2026-11-24'))).toEqual([{ window: TOMORROW }])
    expect(slotsOf(today(), at('07:00', '2026-11-25'))).toEqual([])
    expect(slotsOf(today(), at('23:59'))).toHaveLength(2)
  })
})
