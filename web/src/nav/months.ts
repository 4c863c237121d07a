/** A month as the server takes it: 2026-11. */
export type Month = string

const SHAPE = /^(\d{4})-(0[1-9]|1[0-2])$/
/** Nothing is older than the service. */
const FIRST: Month = '2020-01'

export function isMonth(text: string | undefined): text is Month {
  return text !== undefined && SHAPE.test(text)
}

/** The month of a date such as 2026-11-23. */
export function monthOf(date: string): Month {
  return date.slice(0, 7)
}

export function shift(month: Month, by: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = year * 12 + (number - 1) + by
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}

export interface Paging {
  month: Month
  before: Month | null
  after: Month | null
}

/** The month that is asked for, kept between the first one and this one, with its neighbours. */
export function paging(asked: string | undefined, current: Month): Paging {
  let month = isMonth(asked) ? asked : current
  if (month > current) month = current
  if (month < FIRST) month = FIRST
  return {
    month,
    before: month > FIRST ? shift(month, -1) : null,
    after: month < current ? shift(month, 1) : null,
  }
}

/** Rows by day, newest day first; a check-in that came late stands with its own day. */
export function byDay<Row extends { work_date: string }>(
  rows: readonly Row[],
): { date: string; rows: Row[] }[] {
  const days = new Map<string, Row[]>()
  for (const row of rows) days.set(row.work_date, [...(days.get(row.work_date) ?? []), row])
  return [...days].sort(([a], [b]) => b.localeCompare(a)).map(([date, list]) => ({ date, rows: list }))
}
