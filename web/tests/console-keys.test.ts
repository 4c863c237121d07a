import { describe, expect, it } from 'vitest'
import { ACTIONS, actionOf, choiceOf, takesLetters, type Pressed } from '../src/console/case/keys'
import { reasonsOf } from '../src/console/case/reasons'

const press = (key: string, given: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...given,
})

describe('a key', () => {
  it('does one thing, and each thing has one key', () => {
    expect(new Set(Object.values(ACTIONS)).size).toBe(Object.keys(ACTIONS).length)
    expect(actionOf(press('a'))).toBe('accept')
    expect(actionOf(press('q'))).toBeUndefined()
    expect(actionOf(press('?', { shiftKey: true }))).toBe('help')
  })

  it('with Ctrl, Alt or Meta stays the browser’s own', () => {
    for (const given of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
      expect(actionOf(press('f', given))).toBeUndefined()
  })

  it('means the same with the caps lock on', () => {
    expect(actionOf(press('A'))).toBe('accept')
    expect(actionOf(press('A', { shiftKey: true }))).toBe('acceptOther')
    expect(actionOf(press('X', { shiftKey: true }))).toBeUndefined()
  })

  it('that is held down goes through the list, and decides nothing twice', () => {
    expect(actionOf(press('j', { repeat: true }))).toBe('next')
    for (const key of ['a', 'x', 'e', 's', 'z'])
      expect(actionOf(press(key, { repeat: true }))).toBeUndefined()
  })
})

it('a digit chooses one of the reasons that there are', () => {
  expect(choiceOf(press('1'), 5)).toBe(0)
  expect(choiceOf(press('5'), 5)).toBe(4)
  for (const key of ['0', '6', 'x', '12']) expect(choiceOf(press(key), 5)).toBeUndefined()
  expect(choiceOf(press('1', { repeat: true }), 5)).toBeUndefined()
  expect([reasonsOf('accept').length, reasonsOf('reject').length]).toEqual([5, 5])
})

it('letters are for whoever writes', () => {
  expect(takesLetters('TEXTAREA', '', false)).toBe(true)
  expect(takesLetters('SELECT', '', false)).toBe(true)
  expect(takesLetters('INPUT', 'text', false)).toBe(true)
  expect(takesLetters('DIV', '', true)).toBe(true)
  expect(takesLetters('INPUT', 'checkbox', false)).toBe(false)
  expect(takesLetters('INPUT', 'range', false)).toBe(false)
  expect(takesLetters('BUTTON', 'button', false)).toBe(false)
})
