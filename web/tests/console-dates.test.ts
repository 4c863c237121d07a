import { describe, expect, it } from 'vitest'
import { lastDay, plusDays, spanFault, standing } from '../src/console/forms/dates'
import { addressOf, asked } from '../src/console/today/address'

const TODAY = '2026-11-23'

describe('days', () => {
  it('are counted over the ends of months and years, and back', () => {
    expect(plusDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(plusDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(plusDays('2028-02-28', 1)).toBe('2028-02-29')
  })

  it('ninety of them end on the ninetieth, the first one counted', () => {
    expect(lastDay('2026-11-23', 1)).toBe('2026-11-23')
    expect(lastDay('2026-11-23', 90)).toBe('2027-02-20')
  })

  it('stand before, in and after a day, both ends counted', () => {
    const span = (valid_from: string, valid_to: string | null) => standing({ valid_from, valid_to }, TODAY)
    expect(span(TODAY, TODAY)).toBe('now')
    expect(span('2026-11-24', null)).toBe('later')
    expect(span('2026-01-01', '2026-11-22')).toBe('over')
    expect(span('2026-01-01', null)).toBe('now')
  })
})

describe('days that are asked for', () => {
  it('say what is wrong with them, one thing at a time', () => {
    expect(spanFault('', '', TODAY)).toBe('from')
    expect(spanFault('2026-11-22', '', TODAY)).toBe('past')
    expect(spanFault('2026-11-24', '2026-11-23', TODAY)).toBe('backwards')
    expect(spanFault(TODAY, '', TODAY)).toBeUndefined()
    expect(spanFault(TODAY, TODAY, TODAY)).toBeUndefined()
  })

  it('have a last one where they may not be many', () => {
    expect(spanFault(TODAY, '', TODAY, 90)).toBe('to')
    expect(spanFault(TODAY, '2027-02-20', TODAY, 90)).toBeUndefined()
    expect(spanFault(TODAY, '2027-02-21', TODAY, 90)).toBe('long')
  })
})

describe('the address of a unit and a day', () => {
  it('is read as it was written', () => {
    expect(asked(addressOf('BIDANG A/B', '2026-11-20').split('/').slice(2).map(decodeURIComponent))).toEqual({
      code: 'BIDANG A/B',
      date: '2026-11-20',
    })
    expect(asked([])).toEqual({})
    expect(addressOf('X')).toBe('/today/X')
  })

  it('leaves out a date that is none', () => {
    for (const date of ['kemarin', '2026-13-01', '2026-11', '20261120'])
      expect(asked(['X', date])).toEqual({ code: 'X' })
  })
})
