import { describe, expect, it } from 'vitest'
import { above, firstUnit, supervised, tree, withBelow, type Unit } from '../src/console/units/units'

const unit = (code: string, parent: string | null, mine = false): Unit => ({
  code,
  name: `Bidang ${code}`,
  parent,
  time_zone: 'Asia/Jakarta',
  people: 1,
  mine,
})
const city = [
  unit('C', 'A'),
  unit('A', null),
  unit('D', 'C', true),
  unit('B', 'A'),
  unit('E', 'D'),
  unit('X', 'GONE'),
]

describe('the tree of units', () => {
  it('puts each unit below its parent, siblings by name, and lets nobody out', () => {
    expect(tree(city).map(({ unit: { code }, depth }) => `${depth}${code}`)).toEqual([
      '0A',
      '1B',
      '1C',
      '2D',
      '3E',
      '0X',
    ])
  })

  it('knows what lies below and above', () => {
    expect([...withBelow(city, 'C')].sort()).toEqual(['C', 'D', 'E'])
    expect(above(city, 'D').map(({ code }) => code)).toEqual(['A', 'C'])
    expect(above(city, 'A')).toEqual([])
    expect(above(city, 'nowhere')).toEqual([])
  })

  it('comes to an end where units lead in a circle', () => {
    const circle = [unit('P', 'Q'), unit('Q', 'P')]
    expect([...withBelow(circle, 'P')].sort()).toEqual(['P', 'Q'])
    expect(above(circle, 'P')).toHaveLength(2)
  })

  it('is, for a supervisor, what they supervise with all below', () => {
    expect(supervised(city).map(({ code }) => code)).toEqual(['D', 'E'])
    expect(firstUnit(city)).toBe('D')
    expect(firstUnit([unit('N', null)])).toBe('N')
    expect(firstUnit([])).toBeUndefined()
  })
})
