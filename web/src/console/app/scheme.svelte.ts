import { load, save } from '../../store/db'

/** `auto` follows the device. */
export const SCHEMES = ['auto', 'light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

let chosen = $state<Scheme>('auto')

export const scheme = (): Scheme => chosen

export async function startScheme(): Promise<void> {
  show((await load<Scheme>('scheme').catch(() => undefined)) ?? 'auto')
}

export async function setScheme(next: Scheme): Promise<void> {
  show(next)
  await save('scheme', next)
}

function show(next: Scheme): void {
  chosen = next
  document.documentElement.dataset['scheme'] = next
}
