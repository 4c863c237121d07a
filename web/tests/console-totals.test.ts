import { describe, expect, it } from 'vitest'
import { isMissing, pieces, type Totals } from '../src/console/today/totals'

const none = { expected: 0, received: 0, late: 0, flagged: 0, missing_yet: 0, missing: 0, excused: 0 }
const of = (counts: Partial<Totals>): Totals => ({ slot: 'morning', ...none, ...counts })

describe('a bar of totals', () => {
  it('has a piece for everything that is not nothing, and together they are the whole', () => {
    const bar = pieces(of({ expected: 10, received: 6, late: 2, flagged: 1, missing_yet: 4, excused: 2 }))
    expect(bar.map(({ part, count }) => [part, count])).toEqual([
      ['received', 6],
      ['missing_yet', 4],
      ['excused', 2],
    ])
    expect(bar.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(bar[0]?.share).toBe(0.5)
  })

  it('adds those who are excused to what is due, and nobody else', () => {
    const bar = pieces(of({ expected: 9, received: 3, missing_yet: 2, missing: 1, excused: 5 }))
    expect(bar.map(({ part, count }) => [part, count])).toEqual([
      ['received', 3],
      ['missing_yet', 2],
      ['missing', 1],
      ['ahead', 3],
      ['excused', 5],
    ])
  })

  it('shows what comes later as ahead, and never as missing', () => {
    expect(pieces(of({ expected: 8 }))).toEqual([{ part: 'ahead', count: 8, share: 1 }])
  })

  it('is empty when nothing is due', () => {
    expect(pieces(of({}))).toEqual([])
  })

  it('never grows past its whole when more came than was due', () => {
    const bar = pieces(of({ expected: 2, received: 3 }))
    expect(bar).toEqual([{ part: 'received', count: 3, share: 1 }])
  })
})

it('whoever is excused, or whose window has not opened, is not among those who are missing', () => {
  const states = ['not_yet', 'missing_yet', 'received', 'missing', 'excused', 'not_due']
  expect(states.filter((state) => isMissing({ state }))).toEqual(['missing_yet', 'missing'])
})
