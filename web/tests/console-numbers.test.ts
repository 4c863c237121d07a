import { describe, expect, it } from 'vitest'
import { numberFault, numberOf } from '../src/console/forms/numbers'

describe('a number', () => {
  it('is read with a comma or a dot', () => {
    expect(['3', '3,5', '3.5', ' 48 ', '-1'].map(numberOf)).toEqual([3, 3.5, 3.5, 48, -1])
  })

  it('is nothing when it is none, or could be two', () => {
    for (const text of ['', 'tiga', '3 %', '1.000,5', '3,', '1e3'])
      expect(numberOf(text), text).toBeUndefined()
  })

  it('says what is wrong with it within its bounds, both ends counted', () => {
    expect(numberFault('x', 1, 14, true)).toBe('number')
    expect(numberFault('0', 1, 14, true)).toBe('out')
    expect(numberFault('15', 1, 14, true)).toBe('out')
    expect(numberFault('2,5', 1, 14, true)).toBe('whole')
    expect(['1', '14'].map((text) => numberFault(text, 1, 14, true))).toEqual([undefined, undefined])
    expect(numberFault('2,5', 0, 100, false)).toBeUndefined()
  })
})
