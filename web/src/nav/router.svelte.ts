import { pieces } from './route'

let at = $state.raw(pieces(location.hash))

addEventListener('hashchange', () => (at = pieces(location.hash)))

/** Where the page is, in pieces. */
export const where = (): string[] => at

export const go = (path: string): void => {
  location.hash = path
}

/** Goes there without leaving a step for the Back button. */
export const replace = (path: string): void => location.replace(`#${path}`)

/** Says where the page is without going there: it has drawn it already. */
export function note(path: string): void {
  history.replaceState(null, '', `#${path}`)
  at = pieces(path)
}
