import { expect, it } from 'vitest'
import { uuid7 } from '../src/phone/outbox/uuid7'

it('has the time, the version and the variant where they belong', () => {
  const id = uuid7(0x0199d5a07c00, new Uint8Array(10).fill(0xff))
  expect(id).toBe('0199d5a0-7c00-7fff-bfff-ffffffffffff')
})

it('sorts by time and does not repeat', () => {
  const ids = Array.from({ length: 100 }, (_, i) => uuid7(1_700_000_000_000 + i))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 1000 }, () => uuid7(5))).size).toBe(1000)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
