import { load, save } from '../store/db'
import type { Words } from '../api/problem'
import type core from './id/core'
import type devices from './id/devices'
import type help from './id/help'
import type lines from './id/lines'
import type home from './id/home'
import type receipt from './id/receipt'
import type record from './id/record'
import type session from './id/session'

export type Lang = 'id' | 'en'
type Lazy = typeof home &
  typeof record &
  typeof devices &
  typeof help &
  typeof session &
  typeof lines &
  typeof receipt
export type Key = keyof typeof core | keyof Lazy
type Dictionary = Partial<Record<Key, string>>
type Source = () => Promise<{ default: Dictionary }>

/** One dictionary a subject and language, loaded when needed: nobody fetches a language that is not read. */
const sources = {
  core: { id: () => import('./id/core'), en: () => import('./en/core') },
  home: { id: () => import('./id/home'), en: () => import('./en/home') },
  record: { id: () => import('./id/record'), en: () => import('./en/record') },
  help: { id: () => import('./id/help'), en: () => import('./en/help') },
  lines: { id: () => import('./id/lines'), en: () => import('./en/lines') },
  receipt: { id: () => import('./id/receipt'), en: () => import('./en/receipt') },
  session: { id: () => import('./id/session'), en: () => import('./en/session') },
  devices: { id: () => import('./id/devices'), en: () => import('./en/devices') },
} satisfies Record<string, Record<Lang, Source>>
export type Subject = keyof typeof sources

const inUse = new Set<Subject>(['core'])
let current = $state<Lang>('id')
let words = $state.raw<Dictionary>({})

export const lang = (): Lang => current

/** Loads the words of further subjects in the language in use. */
export async function need(...subjects: Subject[]): Promise<void> {
  for (const subject of subjects) inUse.add(subject)
  await read(current)
}

export async function setLang(next: Lang): Promise<void> {
  await read(next)
  current = next
  document.documentElement.lang = next
  await save('lang', next)
}

/** The language chosen before; Indonesian for whoever never chose. */
export async function startLang(): Promise<void> {
  const chosen = await load<Lang>('lang').catch(() => undefined)
  await setLang(chosen ?? 'id')
}

async function read(language: Lang): Promise<void> {
  const parts = await Promise.all([...inUse].map((subject) => sources[subject][language]()))
  words = Object.assign({}, ...parts.map((part) => part.default)) as Dictionary
}

/** The text of a key; `{name}` is replaced from `values`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return fill(words[key] ?? key, values)
}

export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** Words that come from the server in both languages. */
export const say = (both: Words): string => both[current]
