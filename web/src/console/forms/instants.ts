import type { Lang } from '../../i18n/index.svelte'
import { civilDate, clock, clockZone, dateTime } from '../../i18n/time'

const MINUTE_MS = 60_000

/** How far a zone is east of UTC at an instant, minutes. */
export function offsetMinutes(at: number, zone: string): number {
  const [hours, minutes] = clock(at, zone).split('.').map(Number)
  const local =
    Date.parse(`${civilDate(at, zone)}T00:00:00Z`) + ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE_MS
  return Math.round((local - Math.floor(at / MINUTE_MS) * MINUTE_MS) / MINUTE_MS)
}

/** The instant of a civil date and a minute of its day in a zone, as the API writes it. */
export function instantOf(date: string, minute: number, zone: string): string {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS
  // Twice, as the offset is that of the instant sought; zones with summer time need the second.
  const first = asUtc - offsetMinutes(asUtc, zone) * MINUTE_MS
  return new Date(asUtc - offsetMinutes(first, zone) * MINUTE_MS).toISOString().replace('.000Z', 'Z')
}

/** `23 Nov 2026, 06.00–07.00 WIB`, or both dates where it goes over midnight. */
export function spanOf(from: string, to: string, zone: string, lang: Lang): string {
  const end = dateTime(to, zone, lang)
  if (civilDate(from, zone) !== civilDate(to, zone)) return `${dateTime(from, zone, lang)} – ${end}`
  return end.replace(clockZone(to, zone), `${clock(from, zone)}–${clockZone(to, zone)}`)
}
