import type { Component } from 'svelte'
import { need, type Subject } from '../../i18n/index.svelte'

/** A screen gets the rest of the address as `rest`: for `#/record/2026-11` it is `['2026-11']`. */
export type Screen = Component<{ rest: string[] }>

/** Screens that are loaded when somebody first goes there. */
export const screens: Record<string, () => Promise<Screen>> = {
  'sign-in': () =>
    later('session', import('../session/SignIn.svelte')) as Promise<unknown> as Promise<Screen>,
  home: () => later('home', import('../home/Home.svelte')),
  record: () => later('record', import('../record/Record.svelte')),
  checkin: () => later('record', import('../record/Checkin.svelte')),
  case: () => later('record', import('../record/Case.svelte')),
  devices: () => later('devices', import('../device/Devices.svelte')),
  help: () => later('help', import('./Help.svelte')) as Promise<unknown> as Promise<Screen>,
}

/** A part that is fetched when it is needed, together with its words. */
export async function later<T>(subject: Subject, part: Promise<{ default: T }>): Promise<T> {
  const [loaded] = await Promise.all([part, need(subject)])
  return loaded.default
}
