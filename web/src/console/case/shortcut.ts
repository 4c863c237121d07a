import { shortcutsOn } from '../app/shortcuts.svelte'
import { actionOf, takesLetters, type Action } from './keys'

/** What a key asks for here and now: not where letters are written, not over a dialog, not when turned off. */
export function shortcut(event: KeyboardEvent): Action | undefined {
  if (!shortcutsOn() || event.defaultPrevented || document.querySelector('dialog[open]')) return undefined
  const at = event.target
  if (at instanceof HTMLElement) {
    const type = at instanceof HTMLInputElement ? at.type : ''
    if (takesLetters(at.tagName, type, at.isContentEditable)) return undefined
  }
  return actionOf(event)
}
