import { describe, expect, it } from 'vitest'
import { rows } from '../src/console/changes/rows'

const after = { slot: 'morning', opens_minute: 390, closes_minute: 510, valid_to: null, secret_id: 'x' }

describe('before and after of a change', () => {
  it('stand side by side, and what changed is marked', () => {
    const before = { slot: 'morning', opens_minute: 360, closes_minute: 510 }
    expect(rows(after, before)).toEqual([
      { member: 'slot', before: 'morning', after: 'morning', changed: false },
      { member: 'opens_minute', before: 360, after: 390, changed: true },
      { member: 'closes_minute', before: 510, after: 510, changed: false },
      { member: 'valid_to', before: undefined, after: null, changed: false },
    ])
  })

  it('an end that was not there and is not there now has not changed', () => {
    expect(rows({ valid_to: null }, { valid_to: undefined })[0]?.changed).toBe(false)
    expect(rows({ valid_to: '2026-12-01' }, { valid_to: null })[0]?.changed).toBe(true)
  })

  it('what is new has nothing before it', () => {
    expect(rows(after, null).every(({ changed }) => !changed)).toBe(true)
  })

  it('nobody reads ids', () => {
    expect(rows(after, null).map(({ member }) => member)).not.toContain('secret_id')
  })
})
