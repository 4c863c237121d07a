import { lang, say, t } from '../../i18n/index.svelte'
import { civilDate, clock, clockZone, dateTime, zoneName } from '../../i18n/time'
import type { Attempt, CaseView } from '../api/reviews'

/** Where a check-in was, as far as the phone knew. */
export function locationWords(location: Attempt['location']): string {
  if (!location) return t('fact.noLocation')
  const { distance_from_m: from, distance_to_m: to, accuracy_m: m } = location
  const number = (value: number): string => Math.round(value).toLocaleString(lang() === 'id' ? 'id-ID' : 'en')
  const distance =
    to == null
      ? t('fact.beyond', { from: number(from) })
      : t('fact.between', { from: number(from), to: number(to) })
  return `${distance}, ${t('fact.accuracy', { m: number(m) })}`
}

/** `07.12 WIB`, with its date when that is not the work date. */
function at(instant: string, workDate: string, zone: string): string {
  return civilDate(instant, zone) === workDate ? clockZone(instant, zone) : dateTime(instant, zone, lang())
}

function windowWords(window: NonNullable<CaseView['window']>, zone: string): string {
  const [from, to] = [clock(window.opens, zone), clock(window.closes, zone)]
  const text =
    window.grace_ends === window.closes
      ? `${from}–${to}`
      : t('fact.windowGrace', { from, to, grace: clock(window.grace_ends, zone) })
  return `${text} ${zoneName(zone)}`
}

/** What is known about an attempt and its day, each with its name. */
export function facts(view: CaseView, attempt: Attempt, zone: string): [name: string, value: string][] {
  const captured = attempt.captured_at ? at(attempt.captured_at, view.work_date, zone) : ''
  const received = at(attempt.received_at, view.work_date, zone)
  const all: [string, string][] = [
    [t('fact.received'), `${received}, ${t(`timing.${attempt.timing}`)}`],
    [t('fact.captured'), captured],
    [t('fact.window'), view.window ? windowWords(view.window, zone) : ''],
    [t('fact.day'), say(view.duty.words)],
    [t('fact.location'), locationWords(attempt.location)],
    [t('fact.phone'), attempt.device ?? ''],
    [t('fact.assurance'), t(`fact.assurance.${attempt.assurance}`)],
    [t('fact.source'), t(`fact.source.${attempt.photo_source}`)],
    [t('fact.code'), attempt.photo_code ?? ''],
    [t('fact.person'), `${view.person.nip}, ${view.unit.name}`],
  ]
  return all.filter(([, value]) => value)
}
