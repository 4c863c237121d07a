import type { Lang } from '../../i18n/index.svelte'

/** `1 Des 2026` */
export const plainDate = (date: string, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`))

/** Where something with a first and a last day stands on a day. */
export function standing(
  { valid_from, valid_to }: { valid_from: string; valid_to?: string | null },
  today: string,
): 'now' | 'later' | 'over' {
  if (valid_from > today) return 'later'
  return valid_to && valid_to < today ? 'over' : 'now'
}

/** The last day that makes at most so many days, the first one counted. */
export const lastDay = (from: string, days: number): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + (days - 1) * 86_400_000).toISOString().slice(0, 10)

export type SpanFault = 'from' | 'past' | 'to' | 'backwards' | 'long'

/** What is wrong with the days that are asked for; nothing when they can be. Dates as `2026-11-23`, empty when not given. */
export function spanFault(
  from: string,
  to: string,
  today: string,
  mostDays = Infinity,
): SpanFault | undefined {
  if (!from) return 'from'
  if (from < today) return 'past'
  if (!to) return mostDays === Infinity ? undefined : 'to'
  if (to < from) return 'backwards'
  return mostDays !== Infinity && to > lastDay(from, mostDays) ? 'long' : undefined
}

/** A civil date some days later, or earlier. */
export const plusDays = (date: string, days: number): string => lastDay(date, days + 1)
