import { lang, t } from '../../i18n/index.svelte'
import { clockZone, hoursMinutes, longDate } from '../../i18n/time'
import type { IconName } from '../../ui/icons'
import { byClock, type Standing, type WindowView } from './status'

type Tone = 'plain' | 'info' | 'good' | 'warn' | 'bad'

export const badges: Record<Standing, { key: Parameters<typeof t>[0]; tone: Tone; icon: IconName }> = {
  early: { key: 'today.later', tone: 'plain', icon: 'clock' },
  open: { key: 'today.todo', tone: 'info', icon: 'clock' },
  late: { key: 'today.late', tone: 'warn', icon: 'clock' },
  closed: { key: 'today.missed', tone: 'plain', icon: 'info' },
  saved: { key: 'today.saved', tone: 'good', icon: 'phone' },
  sending: { key: 'today.sending', tone: 'info', icon: 'cloud' },
  waiting: { key: 'today.waiting', tone: 'warn', icon: 'offline' },
  received: { key: 'today.done', tone: 'good', icon: 'check' },
  examining: { key: 'today.examining', tone: 'info', icon: 'clock' },
  flagged: { key: 'today.flagged', tone: 'warn', icon: 'eye' },
  rejected: { key: 'today.rejected', tone: 'bad', icon: 'warn' },
  refused: { key: 'today.refused', tone: 'bad', icon: 'warn' },
}

export function span(ms: number): string {
  const { hours, minutes } = hoursMinutes(ms)
  if (!hours) return t('time.minutes', { minutes })
  return minutes ? t('time.hours', { hours, minutes }) : t('time.wholeHours', { hours })
}

/** How long a window is still away or open, in one sentence. */
export function timeLeft(window: WindowView, zone: string, now: number): string {
  const sentence = (key: Parameters<typeof t>[0], end: string): string =>
    t(key, { at: clockZone(end, zone), left: span(Date.parse(end) - now) })
  const stands = byClock(window, now)
  if (stands === 'early') return sentence('today.opens', window.opens)
  if (stands === 'open') return sentence('today.closes', window.closes)
  return stands === 'late' ? sentence('today.grace', window.grace_ends) : t('today.closed')
}

export const slotName = (slot: string): string => t(`slot.${slot as 'morning' | 'evening' | 'spot'}`)

/** `Presensi pagi, Senin, 23 November 2026 06.00 WIB` */
export const windowName = (window: WindowView, zone: string): string =>
  t('today.nextAt', {
    what: slotName(window.slot),
    day: longDate(window.work_date, lang()).replace(/ \d{4}$/, ''),
    at: clockZone(window.opens, zone),
  })
