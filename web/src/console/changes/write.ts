import { lang, t } from '../../i18n/index.svelte'
import { dateTime, longDate } from '../../i18n/time'
import { clockOf, weekdaysInWords } from '../forms/schedules'
import type { Unit } from '../units/units'
import type { Member, Row } from './rows'

/** `Sen`, `Sel`... from Monday on, in the language in use. 5 January 2026 is a Monday. */
export const weekdayNames = (width: 'short' | 'long' = 'short'): string[] =>
  [5, 6, 7, 8, 9, 10, 11].map((day) =>
    new Intl.DateTimeFormat(lang() === 'id' ? 'id-ID' : 'en-GB', { weekday: width, timeZone: 'UTC' }).format(
      Date.UTC(2026, 0, day),
    ),
  )

export const unitName = (units: readonly Unit[], code: string | null | undefined): string =>
  code ? (units.find((unit) => unit.code === code)?.name ?? code) : t('form.allUnits')

/** What a policy is counted in. */
export function measured(value: number, measure: string): string {
  const text = new Intl.NumberFormat(lang() === 'id' ? 'id-ID' : 'en-GB').format(value)
  if (measure === 'h') return t('policy.hours', { n: text })
  return measure === 'days' ? t('policy.days', { n: text }) : t('policy.percent', { n: text })
}

/** What a policy is counted in, by its name: `_h`, `_days` and `_percent` at its end. */
export const measureOf = (name: string): string =>
  name.endsWith('_h') ? 'h' : (name.split('_').at(-1) ?? '')

/** A member of a payload as people read it. `zone` is that of the unit it is about. */
export function written(
  row: Row,
  side: 'before' | 'after',
  units: readonly Unit[],
  zone: string,
  name: string,
): string {
  const value = row[side]
  const { member } = row
  if (member === 'unit') return unitName(units, value as string | null | undefined)
  if (member === 'valid_to' && value == null) return t('two.open')
  if (value == null) return '–'
  return typeof value === 'number' ? numbered(member, value, name) : worded(member, value, zone)
}

function numbered(member: Member, value: number, name: string): string {
  if (member === 'weekdays') return weekdaysInWords(value, weekdayNames())
  if (member === 'opens_minute' || member === 'closes_minute') return clockOf(value)
  if (member === 'grace_minutes') return t('time.minutes', { minutes: value })
  return member === 'value' ? measured(value, measureOf(name)) : String(value)
}

function worded(member: Member, value: string, zone: string): string {
  if (member === 'role') return t(`role.${value as 'auditor'}`)
  if (member === 'slot') return t(`slot.${value as 'morning'}`)
  if (member === 'starts_at' || member === 'ends_at') return dateTime(value, zone, lang())
  if (member === 'valid_from' || member === 'valid_to') return longDate(value, lang())
  return value
}
