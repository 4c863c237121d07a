import { describe, expect, it } from 'vitest'
import { SIDE, bar, draw, reachM } from '../src/phone/home/drawing'
import { agreement, counts, next } from '../src/phone/home/progress'

const spot = (east_m: number, north_m: number, accuracy_m: number | null = 10) => ({
  east_m,
  north_m,
  accuracy_m,
})
const reading = (taken_at: string, agrees = true) => ({ taken_at, work_date: taken_at.slice(0, 10), agrees })

describe('the drawing of the readings', () => {
  it('reaches as far as the agreeing readings with their accuracy', () => {
    expect(
      reachM([
        { agrees: true, spot: spot(30, 40) },
        { agrees: false, spot: spot(900, 0) },
      ]),
    ).toBe(60)
  })

  it('never looks closer than a room', () => {
    expect(reachM([])).toBe(15)
    expect(reachM([{ agrees: true, spot: spot(0, 0, 3) }])).toBe(15)
  })

  it('puts north up and east to the right', () => {
    const [mark] = draw([{ agrees: true, spot: spot(20, 20, 0) }]).marks
    expect(mark?.x).toBeGreaterThan(SIDE / 2)
    expect(mark?.y).toBeLessThan(SIDE / 2)
  })

  it('keeps everything inside the frame, also a reading far away', () => {
    const { marks } = draw([
      { agrees: true, spot: spot(12, -9) },
      { agrees: false, spot: spot(-2000, 500) },
    ])
    for (const mark of marks) {
      expect(mark.x - mark.r).toBeGreaterThanOrEqual(0)
      expect(mark.x + mark.r).toBeLessThanOrEqual(SIDE)
      expect(mark.y - mark.r).toBeGreaterThanOrEqual(0)
      expect(mark.y + mark.r).toBeLessThanOrEqual(SIDE)
    }
    expect(marks.map((mark) => [mark.agrees, mark.beyond])).toEqual([
      [false, true],
      [true, false],
    ])
  })

  it('leaves out a reading without a spot', () => {
    expect(draw([{ agrees: true, spot: null }, { agrees: true }]).marks).toEqual([])
  })

  it('has a bar that fits, in whole steps', () => {
    expect(bar(15).steps).toBe(10)
    expect(bar(60).steps).toBe(50)
    expect(bar(3000).steps).toBe(500)
    for (const reach of [15, 35, 60, 200, 500]) {
      expect(bar(reach).length).toBeLessThanOrEqual(SIDE / 2)
      expect(bar(reach).length).toBeGreaterThan(5)
    }
  })
})

describe('what a registration needs next', () => {
  const noon = Date.parse('2026-11-23T05:00:00Z')
  const have = (readings: ReturnType<typeof reading>[], readings_missing: number, days_missing: number) => ({
    readings,
    readings_missing,
    days_missing,
    ready: readings_missing + days_missing === 0,
  })

  it('begins with a first reading', () => {
    expect(next(have([], 3, 2), '2026-11-23', noon)).toEqual({ step: 'first' })
  })

  it('waits an hour between two readings', () => {
    const one = have([reading('2026-11-23T04:30:00Z')], 2, 1)
    expect(next(one, '2026-11-23', noon)).toEqual({ step: 'again', at: Date.parse('2026-11-23T05:30:00Z') })
    expect(next(one, '2026-11-23', noon + 3_600_000)).toEqual({ step: 'now' })
  })

  it('sends people to the next day when only days are missing', () => {
    const two = have([reading('2026-11-23T02:30:00Z'), reading('2026-11-23T04:00:00Z')], 1, 1)
    expect(next(two, '2026-11-23', noon)).toEqual({ step: 'tomorrow' })
    expect(next(two, '2026-11-24', noon + 86_400_000)).toEqual({ step: 'now' })
  })

  it('is ready when the server says so', () => {
    expect(next(have([reading('2026-11-23T02:30:00Z')], 0, 0), '2026-11-23', noon)).toEqual({ step: 'ready' })
  })

  it('counts only readings that agree', () => {
    const three = have(
      [
        reading('2026-11-22T02:30:00Z'),
        reading('2026-11-22T05:30:00Z', false),
        reading('2026-11-23T02:30:00Z'),
      ],
      1,
      0,
    )
    expect(counts(three)).toEqual({ readings: { done: 2, of: 3 }, days: { done: 2, of: 2 }, apart: 1 })
  })

  it('says in words how well readings agree', () => {
    expect([4, 10, 18, 60].map(agreement)).toEqual(['close', 'close', 'fair', 'wide'])
  })
})
