let said = $state('')
let turn = false

/** What is told to screen readers without moving the focus. */
export const announced = (): string => said

/** The same sentence twice is told twice: a space that nobody hears makes it another one. */
export function announce(text: string): void {
  turn = !turn
  said = turn ? text : `${text} `
}
