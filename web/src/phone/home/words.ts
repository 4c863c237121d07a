import { lang, t } from '../../i18n/index.svelte'
import type { Request } from './places'

/** `2 Jun 2026` of a civil date. */
export function day(date: string): string {
  const form = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(lang() === 'id' ? 'id-ID' : 'en-GB', form)
}

/** From when to when, also without an end. */
export const span = (from: string, to: string | null | undefined): string =>
  to ? t('place.span', { from: day(from), to: day(to) }) : t('place.since', { from: day(from) })

/** The days a request is about. */
export function wished({ holds_from, valid_from, valid_to }: Request): string {
  if (valid_to) return span(holds_from ?? valid_from, valid_to)
  return holds_from
    ? t('place.holds', { date: day(holds_from) })
    : t('place.wished', { date: day(valid_from) })
}
