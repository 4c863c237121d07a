import { expect, it } from 'vitest'
import { pieces } from '../src/nav/route'

it('reads addresses behind the #', () => {
  expect(pieces('')).toEqual([])
  expect(pieces('#/')).toEqual([])
  expect(pieces('#/record/2026-11')).toEqual(['record', '2026-11'])
  expect(pieces('#/case/a%20b')).toEqual(['case', 'a b'])
})
