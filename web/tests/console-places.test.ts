import { describe, expect, it } from 'vitest'
import { farthestM, metres, officeBand } from '../src/console/places/words'

describe('distances in words', () => {
  it('are metres, and kilometres from a thousand on', () => {
    expect([20, 300, 999, 1000, 1500, 10_000].map(metres)).toEqual([
      '20 m',
      '300 m',
      '999 m',
      '1 km',
      '1,5 km',
      '10 km',
    ])
  })

  it('of the office are a band, and nothing when it is not known', () => {
    expect(officeBand(0, 300)).toEqual({ key: 'request.office.below', to: '300 m' })
    expect(officeBand(3000, 10_000)).toEqual({ key: 'request.office.between', from: '3 km', to: '10 km' })
    expect(officeBand(30_000, null)).toEqual({ key: 'request.office.above', from: '30 km' })
    expect(officeBand(null, undefined)).toBeUndefined()
  })
})

it('the farthest fix counts, in whole metres', () => {
  const fence = { radius_m: 100, rings: [] }
  const fixes = [
    { east_m: 3, north_m: -4 },
    { east_m: -20, north_m: 0.5 },
  ]
  expect(farthestM({ fence, fixes })).toBe(21)
  expect(farthestM({ fence, fixes: [] })).toBeUndefined()
})
