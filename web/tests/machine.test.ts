import { describe, expect, it } from 'vitest'
import { Problem } from '../src/api/problem'
import { after, backOff, due, hurried, nextDue, view } from '../src/phone/outbox/machine'
import { anItem, aReceipt } from './items'

const problem = (code: string, status: number, retryAfterS?: number): { problem: Problem } => ({
  problem: new Problem(code, status, code, 'detail', { id: 'tindakan', en: 'action' }, retryAfterS),
})
const NOW = 1_000_000

describe('back-off', () => {
  it('doubles from 2 s to 5 min', () => {
    expect([1, 2, 3, 4].map((tries) => backOff(tries, 0.5))).toEqual([2000, 4000, 8000, 16_000])
    expect(backOff(50, 0.5)).toBe(300_000)
  })

  it('spreads by a quarter each way', () => {
    expect(backOff(1, 0)).toBe(1500)
    expect(backOff(1, 1)).toBe(2500)
  })
})

describe('after a try', () => {
  it('ends with a receipt and drops the photo', () => {
    const next = after(anItem({ tries: 3 }), { receipt: aReceipt(), signed: true }, NOW, 0.5)
    expect(next).toMatchObject({ state: 'received', photo: null, trouble: undefined })
  })

  it.each([
    ['offline', 0],
    ['request-slow', 408],
    ['too-early', 425],
    ['sign-in-throttled', 429],
    ['internal', 500],
    ['busy', 503],
    ['token-expired', 401],
  ])('waits after %s', (code, status) => {
    const next = after(anItem(), problem(code, status), NOW, 0.5)
    expect(next).toMatchObject({ state: 'waiting', tries: 1, notBefore: NOW + 2000 })
    expect(next.photo).not.toBeNull()
  })

  it('honours Retry-After when it is longer', () => {
    expect(after(anItem(), problem('busy', 503, 90), NOW, 0.5).notBefore).toBe(NOW + 90_000)
    expect(after(anItem({ tries: 9 }), problem('busy', 503, 1), NOW, 0.5).notBefore).toBe(NOW + 300_000)
  })

  it.each([
    ['checkin-id-taken', 409],
    ['attempts-exhausted', 409],
    ['slot-closed', 422],
    ['photo-format', 415],
    ['upload-too-large', 413],
  ])('keeps what is refused by %s, with the reason', (code, status) => {
    const next = after(anItem(), problem(code, status), NOW, 0.5)
    expect(next).toMatchObject({ state: 'refused', trouble: { code, status, action: { en: 'action' } } })
    expect(next.photo).not.toBeNull()
  })

  it.each(['challenge-spent', 'challenge-unknown', 'challenge-other-slot', 'challenge-expired'])(
    'tries once more without its challenge after %s',
    (code) => {
      const once = after(anItem({ challenge: 'abc' }), problem(code, 422), NOW, 0.5)
      expect(once).toMatchObject({ state: 'waiting', challenge: undefined, renewed: true, notBefore: NOW })
      expect(once.id).toBe(anItem().id)
      expect(after(once, problem(code, 422), NOW, 0.5).state).toBe('refused')
    },
  )

  it('sees from the receipt that the key that signed is not known any more', () => {
    const receipt = aReceipt()
    const vouched = (assurance: 'session' | 'device_key', signed: boolean) =>
      after(
        anItem(),
        { receipt: { ...receipt, receipt: { ...receipt.receipt, assurance } }, signed },
        NOW,
        0.5,
      ).rekeyed
    expect(vouched('session', true)).toBe(true)
    expect(vouched('session', false)).toBe(false)
    expect(vouched('device_key', true)).toBe(false)
  })

  it('does not count a sign-in that is over as a try', () => {
    expect(after(anItem(), problem('signed-out', 401), NOW, 0.5)).toMatchObject({
      state: 'waiting',
      tries: 0,
    })
  })
})

describe('what is due', () => {
  const items = [
    anItem({ id: 'b', notBefore: NOW - 1 }),
    anItem({ id: 'a', notBefore: NOW }),
    anItem({ id: 'later', notBefore: NOW + 5 }),
    anItem({ id: '0', person: 'somebody else' }),
    anItem({ id: '1', state: 'refused' }),
  ]

  it('is the oldest of the signed-in person', () => {
    expect(due(items, 'p1', NOW)?.id).toBe('a')
    expect(due(items.slice(2), 'p1', NOW)).toBeUndefined()
  })

  it('never is what belongs to somebody else', () => {
    expect(due(items, 'p2', NOW)).toBeUndefined()
    expect(nextDue(items.slice(3), 'p1')).toBeUndefined()
  })

  it('tells when to look again', () => {
    expect(nextDue(items.slice(2), 'p1')).toBe(NOW + 5)
  })

  it('need not wait on when only the network was missing', () => {
    const offline = after(anItem({ id: 'o' }), problem('offline', 0), NOW, 0.5)
    const busy = after(anItem({ id: 'b' }), problem('busy', 503), NOW, 0.5)
    const held = anItem({ id: 'h', notBefore: NOW + 3000 })
    expect(hurried([offline, busy, held], NOW)).toEqual([{ ...offline, notBefore: NOW }])
  })
})

describe('what is shown', () => {
  it('follows the item', () => {
    expect(view(anItem(), undefined)).toBe('saved')
    expect(view(anItem(), anItem().id)).toBe('sending')
    expect(view(anItem({ tries: 1 }), undefined)).toBe('waiting')
    expect(view(anItem({ state: 'refused' }), undefined)).toBe('refused')
    expect(view(anItem({ state: 'received', receipt: aReceipt() }), undefined)).toBe('received')
    expect(view(anItem({ state: 'received', receipt: aReceipt('flagged') }), undefined)).toBe('flagged')
    expect(view(anItem({ state: 'received', receipt: aReceipt('examining') }), undefined)).toBe('examining')
  })
})
