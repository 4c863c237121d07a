import { describe, expect, it } from 'vitest'
import {
  civilDate,
  clock,
  clockZone,
  dateTime,
  daysBetween,
  hoursMinutes,
  longDate,
  monthName,
  shortDate,
  zoneName,
} from '../src/i18n/time'

// 23 November 2026, a Monday: 00.05 UTC is 07.05 in the west, 08.05 in the middle, 09.05 in the east.
const AT = '2026-11-23T00:05:07.250000Z'

describe('clocks', () => {
  it('have a dot and the letters of their zone in both languages', () => {
    expect(clockZone(AT, 'Asia/Jakarta')).toBe('07.05 WIB')
    expect(clockZone(AT, 'Asia/Pontianak')).toBe('07.05 WIB')
    expect(clockZone(AT, 'Asia/Makassar')).toBe('08.05 WITA')
    expect(clockZone(AT, 'Asia/Jayapura')).toBe('09.05 WIT')
  })

  it('say midnight as 00', () => {
    expect(clock('2026-11-22T17:00:00Z', 'Asia/Jakarta')).toBe('00.00')
  })

  it('name other zones as the browser does', () => {
    expect(zoneName('UTC')).toBe('UTC')
  })
})

describe('dates', () => {
  it('belong to the zone, not to the phone', () => {
    expect(civilDate('2026-11-22T16:59:59Z', 'Asia/Jakarta')).toBe('2026-11-22')
    expect(civilDate('2026-11-22T17:00:00Z', 'Asia/Jakarta')).toBe('2026-11-23')
    expect(civilDate('2026-11-22T15:00:00Z', 'Asia/Jayapura')).toBe('2026-11-23')
  })

  it('are written out in both languages', () => {
    expect(longDate('2026-11-23', 'id')).toBe('Senin, 23 November 2026')
    expect(longDate('2026-11-23', 'en').replace(',', '')).toBe('Monday 23 November 2026')
    expect(shortDate('2026-11-23', 'id')).toBe('Sen, 23 Nov')
    expect(monthName('2026-11', 'id')).toBe('November 2026')
    expect(dateTime(AT, 'Asia/Jakarta', 'id')).toBe('23 Nov 2026, 07.05 WIB')
  })

  it('are counted in whole days', () => {
    expect(daysBetween('2026-11-23', '2026-12-01')).toBe(8)
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
  })
})

describe('spans', () => {
  it('count the minute that has begun', () => {
    expect(hoursMinutes(1)).toEqual({ hours: 0, minutes: 1 })
    expect(hoursMinutes(42 * 60_000)).toEqual({ hours: 0, minutes: 42 })
    expect(hoursMinutes(90 * 60_000)).toEqual({ hours: 1, minutes: 30 })
    expect(hoursMinutes(-5)).toEqual({ hours: 0, minutes: 0 })
  })
})
