import { describe, expect, it } from 'vitest'
import { due, span } from '../src/console/queue/due'
import { isNarrowed, WHOLE } from '../src/console/queue/filters'
import {
  append,
  EMPTY,
  following,
  heldBy,
  nearsEnd,
  position,
  preceding,
  putBack,
  refreshed,
  upcoming,
  without,
  type Line,
} from '../src/console/queue/line'
import { summary } from './console-cases'

const line = (ids: string, next: string | null = null): Line => ({
  items: [...ids].map((id) => summary(id)),
  next,
})
const ids = ({ items }: Line): string => items.map(({ id }) => id).join('')
const all = (): boolean => true

describe('the queue', () => {
  it('keeps the order of the server and shows nothing twice', () => {
    const first = append(EMPTY, { items: [summary('a'), summary('b')], next: '2' })
    expect(ids(append(first, { items: [summary('b'), summary('c')], next: null }))).toBe('abc')
  })

  it('goes on after a case, and from the end to the start', () => {
    expect(following(line('abc'), 'b', all)?.id).toBe('c')
    expect(following(line('abc'), 'c', all)?.id).toBe('a')
    expect(preceding(line('abc'), 'a', all)?.id).toBe('c')
    expect(preceding(line('abc'), 'c', all)?.id).toBe('b')
  })

  it('begins at its start when the case is not in it', () => {
    expect(following(line('abc'), 'x', all)?.id).toBe('a')
    expect(following(line('abc'), undefined, all)?.id).toBe('a')
  })

  it('passes over what does not pass, and never comes to the same case again', () => {
    expect(following(line('abc'), 'a', ({ id }) => id !== 'b')?.id).toBe('c')
    expect(following(line('a'), 'a', all)).toBeUndefined()
    expect(following(line('ab'), 'a', () => false)).toBeUndefined()
  })

  it('knows which few come next', () => {
    expect(upcoming(line('abcd'), 'c', 2, all).map(({ id }) => id)).toEqual(['d', 'a'])
  })

  it('takes a case out and puts it back where it stood', () => {
    const taken = without(line('abc'), 'b')
    expect(ids(taken)).toBe('ac')
    expect(ids(putBack(taken, summary('b'), 'c'))).toBe('abc')
    expect(ids(putBack(taken, summary('b'), 'gone'))).toBe('bac')
    expect(ids(putBack(line('abc'), summary('b'), 'a'))).toBe('bac')
  })

  it('takes what is newer about a case in its place', () => {
    expect(refreshed(line('ab'), summary('b', { version: 2 })).items[1]?.version).toBe(2)
  })

  it('reads on before its end is reached, as long as there is more', () => {
    expect(nearsEnd(line('abcdefgh', '9'), 'h')).toBe(true)
    expect(nearsEnd(line('abcdefgh', '9'), 'a')).toBe(false)
    expect(nearsEnd(line('abcdefgh'), 'h')).toBe(false)
  })

  it('counts positions from one', () => {
    expect([position(line('abc'), 'c'), position(line('abc'), 'x')]).toEqual([3, undefined])
  })
})

describe('a claim', () => {
  const claim = { mine: false, by: 'Bu Rina', expires_at: '2026-11-20T00:00:30Z' }
  const at = Date.parse('2026-11-20T00:00:00Z')

  it('keeps a case with whoever has it, until it ends', () => {
    expect(heldBy(claim, at)).toBe('Bu Rina')
    expect(heldBy(claim, at + 30_000)).toBeUndefined()
  })

  it('of my own keeps me from nothing', () => {
    expect(heldBy({ ...claim, mine: true }, at)).toBeUndefined()
    expect(heldBy(null, at)).toBeUndefined()
  })
})

describe('what is due', () => {
  const HOUR = 3_600_000

  it('is told in the unit that fits', () => {
    expect(span(20_000)).toEqual({ unit: 'minutes', n: 1 })
    expect(span(59 * 60_000)).toEqual({ unit: 'minutes', n: 59 })
    expect(span(HOUR)).toEqual({ unit: 'hours', n: 1 })
    expect(span(47 * HOUR)).toEqual({ unit: 'hours', n: 47 })
    expect(span(48 * HOUR)).toEqual({ unit: 'days', n: 2 })
  })

  it('counts from the target on, both ways', () => {
    const item = summary('a')
    const target = Date.parse(item.due_at)
    expect(due(item, target - 3 * HOUR)).toEqual({ kind: 'left', span: { unit: 'hours', n: 3 } })
    expect(due(item, target + 3 * HOUR)).toEqual({ kind: 'overdue', span: { unit: 'hours', n: 3 } })
  })

  it('stands still while its person is asked, and ends with the decision', () => {
    expect(due(summary('a', { state: 'asked' }), 0)).toEqual({ kind: 'asked' })
    expect(due(summary('a', { state: 'decided' }), 0)).toBeUndefined()
  })
})

it('a queue without choices is the whole one', () => {
  const whole = { state: 'open', scope: 'mine', ...WHOLE } as const
  expect(isNarrowed(whole)).toBe(false)
  expect(isNarrowed({ ...whole, reason: 'photo.dark' })).toBe(true)
  expect(isNarrowed({ ...whole, state: 'decided' })).toBe(true)
  expect(isNarrowed({ ...whole, scope: 'all' })).toBe(false)
})
