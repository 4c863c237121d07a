import { lang, t } from '../../i18n/index.svelte'
import { plainDate } from './dates'

/** `1 Des 2026 sampai 14 Des 2026`, `1 Des 2026` for a single day, or `mulai 1 Des 2026` without a last day. */
export const daysInWords = (from: string, to: string | null | undefined): string =>
  from === to
    ? plainDate(from, lang())
    : to
      ? t('form.span', { from: plainDate(from, lang()), to: plainDate(to, lang()) })
      : t('form.since', { from: plainDate(from, lang()) })
