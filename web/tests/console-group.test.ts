import { describe, expect, it } from 'vitest'
import { alike, level } from '../src/console/agreement/levels'
import { commonReason, enough, without, type Member } from '../src/console/group/members'
import { draw, SIDE } from '../src/console/ui/drawing'
import { caseView, summary } from './console-cases'

const member = (id: string, given: Partial<Member> = {}): Member => ({
  item: summary(id),
  seen: true,
  out: false,
  ...given,
})

describe('accepting together', () => {
  it('takes only what was seen, is free, and was not left out', () => {
    expect(without(member('a'), undefined)).toBeUndefined()
    expect(without(member('a', { seen: false }), undefined)).toBe('unseen')
    expect(without(member('a', { out: true }), undefined)).toBe('out')
    expect(without(member('a'), 'Bu Rina')).toBe('held')
    expect(without(member('a', { item: summary('a', { state: 'asked' }) }), undefined)).toBe('asked')
    expect(without(member('a', { refused: { id: 'x', en: 'x' } }), 'Bu Rina')).toBe('refused')
  })

  it('needs two, and takes twenty at most', () => {
    expect([1, 2, 20, 21].map(enough)).toEqual([false, true, true, false])
  })

  it('suggests the reason that most of them suggest', () => {
    const of = (id: string, suggested_reason: 'service_fault' | 'in_order'): Member =>
      member(id, { view: caseView(id, { suggested_reason }) })
    expect(commonReason([of('a', 'in_order'), of('b', 'service_fault'), of('c', 'service_fault')])).toBe(
      'service_fault',
    )
    expect(commonReason([member('a')])).toBe('device_imprecise')
  })
})

describe('agreement in words', () => {
  it('says nothing about too few, and reads the measure that rare rejections do not pull down', () => {
    expect(level({ n: 19, pabak: 1 })).toBe('few')
    expect(level({ n: 20, pabak: null })).toBe('few')
    expect([0.8, 0.79, 0.5, 0.49, -0.2].map((pabak) => level({ n: 20, pabak }))).toEqual([
      'good',
      'fair',
      'fair',
      'low',
      'low',
    ])
  })

  it('counts both kinds of agreeing', () => {
    const second = { n: 50, both_accept: 20, both_reject: 15, first_accept_only: 5, second_accept_only: 10 }
    expect(alike(second)).toBe(35)
  })
})

describe('the drawing', () => {
  const fence = { radius_m: 100, rings: [] }

  it('shows the fence and what was measured at one scale, north up', () => {
    const { marks, bar } = draw({ fence, fixes: [{ east_m: 60, north_m: 80, accuracy_m: 20 }] })
    const [mark] = marks
    const scale = bar.length / bar.metres
    expect(mark?.x).toBeCloseTo(SIDE / 2 + 60 * scale, 0)
    expect(mark?.y).toBeCloseTo(SIDE / 2 - 80 * scale, 0)
    expect(mark?.r).toBeCloseTo(20 * scale, 0)
    expect(mark?.beyond).toBe(false)
  })

  it('keeps everything inside, and says what lies beyond', () => {
    const { marks } = draw({ fence, fixes: [{ east_m: -900_000, north_m: 10, accuracy_m: 5 }] })
    const [mark] = marks
    expect(mark).toMatchObject({ beyond: true, r: 0 })
    expect(mark?.x).toBeGreaterThanOrEqual(0)
    expect(mark?.x).toBeLessThan(SIDE / 2)
  })

  it('draws a polygon with all its rings', () => {
    const ring = [
      { east_m: -50, north_m: -50 },
      { east_m: 50, north_m: -50 },
      { east_m: 0, north_m: 60 },
    ]
    const { fence: path } = draw({ fence: { rings: [ring, ring] }, fixes: [] })
    expect(path.match(/M/g)).toHaveLength(2)
    expect(path.match(/z/g)).toHaveLength(2)
  })

  it('has a bar of one, two or five times a power of ten, a third of the picture at most', () => {
    for (const radius_m of [8, 30, 75, 150, 500, 4000]) {
      const { bar } = draw({ fence: { radius_m, rings: [] }, fixes: [] })
      expect(String(bar.metres)).toMatch(/^[125]0*$/)
      expect(bar.length).toBeLessThanOrEqual(SIDE / 3)
      expect(bar.length).toBeGreaterThan(SIDE / 10)
    }
  })
})
