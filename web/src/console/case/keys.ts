// One key for each thing that is done often. All have a button, too, and all can be turned off.

export const ACTIONS = {
  accept: 'a',
  acceptOther: 'A',
  reject: 'x',
  ask: 'e',
  skip: 's',
  undo: 'z',
  next: 'j',
  previous: 'k',
  compare: 'f',
  map: 'm',
  history: 'h',
  filter: '/',
  help: '?',
} as const

export type Action = keyof typeof ACTIONS

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  /** The key is being held down. */
  repeat: boolean
}

const BY_KEY = new Map<string, Action>(
  Object.entries(ACTIONS).map(([action, key]) => [key, action as Action]),
)
/** A held key may go on through the list, and nothing else. */
const REPEATED: ReadonlySet<Action> = new Set(['next', 'previous'])

/** What a key asks for; nothing with a modifier, so that the browser's own keys stay what they are. */
export function actionOf(pressed: Pressed): Action | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined
  const action = BY_KEY.get(letter(pressed))
  return action && (!pressed.repeat || REPEATED.has(action)) ? action : undefined
}

/** Capital letters count by the Shift key, not by the lock that somebody forgot. */
function letter({ key, shiftKey }: Pressed): string {
  if (!/^[a-z]$/i.test(key)) return key
  return shiftKey ? key.toUpperCase() : key.toLowerCase()
}

/** Which of so many numbered choices a digit names, from 0 on. */
export function choiceOf(
  { key, ctrlKey, metaKey, altKey, repeat }: Pressed,
  most: number,
): number | undefined {
  if (ctrlKey || metaKey || altKey || repeat || !/^[1-9]$/.test(key)) return undefined
  const index = Number(key) - 1
  return index < most ? index : undefined
}

/** Where letters are written or chosen, they are not shortcuts. */
export function takesLetters(tag: string, type: string, editable: boolean): boolean {
  if (editable || tag === 'TEXTAREA' || tag === 'SELECT') return true
  return tag === 'INPUT' && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(type)
}
