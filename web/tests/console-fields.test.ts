import { describe, expect, it } from 'vitest'
import { offline, Problem } from '../src/api/problem'
import { fieldOf } from '../src/console/forms/fields'

const said = (detail: string, status = 422): Problem =>
  new Problem('change-invalid', status, 'title', detail, { id: 'id', en: 'en' })
const fields = ['opens_minute', 'closes_minute', 'name', 'valid_from'] as const

describe('the field of a problem', () => {
  it('is the first one its detail names', () => {
    expect(fieldOf(said('closes_minute has to be after opens_minute'), fields)).toBe('closes_minute')
    expect(fieldOf(said('missing field `name` at line 1'), fields)).toBe('name')
  })

  it('is none where only a part of a word is the same', () => {
    expect(fieldOf(said('the username is long'), fields)).toBeUndefined()
  })

  it('is none for what is not about the form', () => {
    expect(fieldOf(said('name of the server is wrong', 503), fields)).toBeUndefined()
    expect(fieldOf(offline('name'), fields)).toBeUndefined()
    expect(fieldOf(undefined, fields)).toBeUndefined()
  })
})
