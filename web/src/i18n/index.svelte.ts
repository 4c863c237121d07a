import { load, save } from '../store/db'
import type { Words } from '../api/problem'
import type { consoleWords } from './console'
import type { phoneWords } from './phone'

export type Lang = 'id' | 'en'
/** One dictionary a subject and language, loaded when needed: nobody fetches a language that is not read. */
export type Sources = Record<string, Record<Lang, () => Promise<{ default: Record<string, string> }>>>
type KeysOf<S> = {
  [K in keyof S]: S[K] extends { id: () => Promise<{ default: infer D }> } ? keyof D : never
}[keyof S]
export type Subject = keyof typeof phoneWords | keyof typeof consoleWords
export type Key = KeysOf<typeof phoneWords> | KeysOf<typeof consoleWords>

let sources: Sources
const inUse = new Set<Subject>()
let current = $state<Lang>('id')
let words = $state.raw<Partial<Record<string, string>>>({})

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

/** The language chosen before, Indonesian for whoever never chose; with what a page says from its start. */
export async function startLang(of: Sources, ...first: Subject[]): Promise<void> {
  sources = of
  for (const subject of first) inUse.add(subject)
  const chosen = await load<Lang>('lang').catch(() => undefined)
  await setLang(chosen ?? 'id')
}

async function read(language: Lang): Promise<void> {
  const parts = await Promise.all([...inUse].map((subject) => sources[subject]?.[language]()))
  words = Object.assign({}, ...parts.map((part) => part?.default)) as Record<string, string>
}

/** The text of a key; `{name}` is replaced from `values`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return fill(words[key] ?? key, values)
}

export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** Words that come from the server in both languages. */
export const say = (both: Words): string => both[current]
