import { describe, expect, it } from 'vitest'
import {
  clockOf,
  weekdaysInWords,
  hasDay,
  minuteOf,
  runsOf,
  toggleDay,
  windowFault,
} from '../src/console/forms/schedules'

describe('a time of day', () => {
  it('comes back the same for every minute', () => {
    for (let minute = 0; minute <= 1440; minute++) expect(minuteOf(clockOf(minute))).toBe(minute)
  })

  it('is read as people write it', () => {
    expect(['07.30', '7.30', '07:30', '0730', ' 730 '].map(minuteOf)).toEqual([450, 450, 450, 450, 450])
    expect(minuteOf('24.00')).toBe(1440)
  })

  it('is nothing when it is not one', () => {
    for (const text of ['', '7', '7.3', '07.60', '24.01', '25.00', 'pagi', '07.30 WIB', '-1.00'])
      expect(minuteOf(text), text).toBeUndefined()
  })
})

describe('weekdays', () => {
  const names = ['Sen', 'Sel', 'Rab', 'Kam', 'Jum', 'Sab', 'Min']

  it('are bits from Monday on, and turn on and off', () => {
    expect([0, 4, 5].map((day) => hasDay(0b0011111, day))).toEqual([true, true, false])
    for (let bits = 0; bits < 128; bits++)
      for (let day = 0; day < 7; day++) {
        expect(hasDay(toggleDay(bits, day), day)).toBe(!hasDay(bits, day))
        expect(toggleDay(toggleDay(bits, day), day)).toBe(bits)
      }
  })

  it('read as runs', () => {
    expect(weekdaysInWords(0b0011111, names)).toBe('Sen–Jum')
    expect(weekdaysInWords(0b1100000, names)).toBe('Sab, Min')
    expect(weekdaysInWords(0b1010101, names)).toBe('Sen, Rab, Jum, Min')
    expect(weekdaysInWords(0b1011111, names)).toBe('Sen–Jum, Min')
    expect(runsOf(0)).toEqual([])
  })
})

it('a window says what is wrong with it, one thing at a time', () => {
  expect(windowFault(360, 480, 60)).toBeUndefined()
  expect(windowFault(360, 1440, 0)).toBeUndefined()
  expect(windowFault(undefined, 480, 60)).toBe('opens')
  expect(windowFault(360, undefined, 60)).toBe('closes')
  expect(windowFault(360, 480, Number.NaN)).toBe('grace')
  expect(windowFault(360, 480, -1)).toBe('grace')
  expect(windowFault(480, 480, 0)).toBe('order')
  expect(windowFault(1200, 1400, 41)).toBe('beyond')
})
