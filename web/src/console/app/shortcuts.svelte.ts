import { load, save } from '../../store/db'

// Single keys do things only for whoever wants that (WCAG 2.1.4).

let on = $state(true)

export const shortcutsOn = (): boolean => on

export async function startShortcuts(): Promise<void> {
  on = (await load<boolean>('shortcuts').catch(() => undefined)) ?? true
}

export async function setShortcuts(next: boolean): Promise<void> {
  on = next
  await save('shortcuts', next)
}
