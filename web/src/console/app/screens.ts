import type { Component } from 'svelte'
import { need, type Key, type Subject } from '../../i18n/index.svelte'
import type { IconName } from '../../ui/icons'
import type { Role } from '../api/types'

/** A screen gets the rest of the address as `rest`: for `#/people/1990` it is `['1990']`. */
export type Screen = Component<{ rest: string[] }>

interface Entry {
  /** Who has it; it is not there for others. */
  roles: Role[]
  load: () => Promise<Screen>
  /** Takes a changed address by itself; else it is made anew. */
  keeps?: true
}

/** Screens by the first piece of the address, loaded when somebody first goes there. */
export const screens: Record<string, Entry> = {
  queue: {
    roles: ['supervisor'],
    load: () =>
      later(['queue', 'review'], import('../queue/Queue.svelte')) as Promise<unknown> as Promise<Screen>,
  },
  case: {
    roles: ['supervisor'],
    load: () => later(['queue', 'review'], import('../case/Case.svelte')),
    keeps: true,
  },
  group: {
    roles: ['supervisor'],
    load: () => later(['queue', 'review', 'group'], import('../group/Group.svelte')),
  },
  today: {
    roles: ['supervisor'],
    load: () => later(['forms', 'board'], import('../today/Today.svelte')),
    keeps: true,
  },
  places: {
    roles: ['supervisor', 'administrator'],
    load: () => later(['forms', 'requests'], import('../places/Places.svelte')),
  },
  people: {
    roles: ['supervisor'],
    load: () => later(['forms', 'changes', 'people'], import('../people/People.svelte')),
  },
  agreement: {
    roles: ['supervisor', 'administrator'],
    load: () =>
      later(
        ['queue', 'review', 'agreement'],
        import('../agreement/Agreement.svelte'),
      ) as Promise<unknown> as Promise<Screen>,
  },
  admin: {
    roles: ['administrator'],
    load: () => later(['forms', 'changes', 'people', 'admin'], import('../admin/Admin.svelte')),
  },
}

/** What the rail and the bar show, in order; the first that somebody has is where they start. */
export const places: { name: string; icon: IconName; label: Key }[] = [
  { name: 'queue', icon: 'queue', label: 'place.queue' },
  { name: 'today', icon: 'board', label: 'place.today' },
  { name: 'places', icon: 'pin', label: 'place.places' },
  { name: 'people', icon: 'people', label: 'place.people' },
  { name: 'agreement', icon: 'balance', label: 'place.agreement' },
  { name: 'admin', icon: 'gear', label: 'place.admin' },
]

/** Those of the places that a person with these roles has. */
export const placesOf = (roles: readonly Role[]): typeof places =>
  places.filter(({ name }) => screens[name]?.roles.some((role) => roles.includes(role)))

/** A part that is fetched when it is needed, together with its words. */
export async function later<T>(subjects: Subject | Subject[], part: Promise<{ default: T }>): Promise<T> {
  const [loaded] = await Promise.all([part, need(...[subjects].flat())])
  return loaded.default
}
