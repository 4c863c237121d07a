import type { Lang } from './index.svelte'

const ZONES: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Ujung_Pandang': 'WITA',
  'Asia/Jayapura': 'WIT',
}

export type Instant = string | number | Date

/** Making one takes longer than using it, and a screen uses dozens. */
const made = new Map<string, Intl.DateTimeFormat>()

function form(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let known = made.get(key)
  if (!known) made.set(key, (known = new Intl.DateTimeFormat(locale, options)))
  return known
}

const locale = (lang: Lang): string => (lang === 'id' ? 'id-ID' : 'en-GB')

/** WIB, WITA or WIT; elsewhere what the browser calls the zone. */
export function zoneName(zone: string, at: Instant = Date.now()): string {
  const known = ZONES[zone]
  if (known) return known
  const parts = form('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(new Date(at))
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
}

/** `07.05`, with a dot in both languages, as clocks are written in Indonesia. */
export function clock(at: Instant, zone: string): string {
  const hours = form('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return hours.format(new Date(at)).replace(':', '.')
}

/** `07.05 WIB` */
export const clockZone = (at: Instant, zone: string): string => `${clock(at, zone)} ${zoneName(zone, at)}`

/** The civil date of an instant in a zone, as `2026-11-23`. */
export const civilDate = (at: Instant, zone: string): string =>
  form('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(new Date(at))

/** `Senin, 23 November 2026` of a civil date (`2026-11-23`), whatever zone the phone is in. */
export const longDate = (date: string, lang: Lang): string =>
  ofDate(date, lang, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** `Sen, 23 Nov` */
export const shortDate = (date: string, lang: Lang): string =>
  ofDate(date, lang, { weekday: 'short', day: 'numeric', month: 'short' })

/** `November 2026` of `2026-11`. */
export const monthName = (month: string, lang: Lang): string =>
  ofDate(`${month}-01`, lang, { month: 'long', year: 'numeric' })

/** `23 Nov 2026, 07.05 WIB` */
export const dateTime = (at: Instant, zone: string, lang: Lang): string =>
  `${ofDate(civilDate(at, zone), lang, { day: 'numeric', month: 'short', year: 'numeric' })}, ${clockZone(at, zone)}`

function ofDate(date: string, lang: Lang, options: Intl.DateTimeFormatOptions): string {
  return form(locale(lang), { ...options, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
}

/** Whole days from one civil date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** Hours and minutes of a span, rounded up: the last minute is still one. */
export function hoursMinutes(spanMs: number): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.ceil(spanMs / 60_000))
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
