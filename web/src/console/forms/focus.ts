/** For a form that opens where a button was: the first thing to fill in gets the focus. */
export function focusFirst(form: HTMLElement): void {
  form.querySelector<HTMLElement>('input, select, textarea')?.focus()
}
