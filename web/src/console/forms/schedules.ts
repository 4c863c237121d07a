// Schedules speak of minutes after local midnight and of weekdays as bits; people of 07.30 and of Monday to Friday.

const DAY_MINUTES = 1440

/** `07.30` of 450. */
export function clockOf(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}.${two(minute % 60)}`
}

/** 450 of `07.30`, `7.30`, `07:30` or `0730`; nothing when it is not a time. `24.00` is the end of the day. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2})[.:]?(\d{2})$/.exec(text.trim()) ?? []
  if (hours === undefined) return undefined
  const minute = Number(hours) * 60 + Number(minutes)
  return Number(minutes) < 60 && minute <= DAY_MINUTES ? minute : undefined
}

/** Whether a weekday (0 is Monday) is among the bits. */
export const hasDay = (bits: number, day: number): boolean => (bits & (1 << day)) !== 0

export const toggleDay = (bits: number, day: number): number => bits ^ (1 << day)

/** The weekdays in runs: `[[0, 4], [6, 6]]` is Monday to Friday, and Sunday. */
export function runsOf(bits: number): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (let day = 0; day < 7; day++) {
    if (!hasDay(bits, day)) continue
    const run = runs.at(-1)
    if (run && run[1] === day - 1) run[1] = day
    else runs.push([day, day])
  }
  return runs
}

/** `Senin–Jumat, Minggu`, with the names of the days from Monday on. */
export const weekdaysInWords = (bits: number, names: readonly string[]): string =>
  runsOf(bits)
    .map(([first, last]) => {
      if (first === last) return names[first]
      return last === first + 1 ? `${names[first]}, ${names[last]}` : `${names[first]}–${names[last]}`
    })
    .join(', ')

export type WindowFault = 'opens' | 'closes' | 'grace' | 'order' | 'beyond'

/** What a window cannot be; nothing when it can. */
export function windowFault(
  opens: number | undefined,
  closes: number | undefined,
  grace: number | undefined,
): WindowFault | undefined {
  if (opens === undefined) return 'opens'
  if (closes === undefined) return 'closes'
  if (grace === undefined || !Number.isInteger(grace) || grace < 0) return 'grace'
  if (closes <= opens) return 'order'
  return closes + grace > DAY_MINUTES ? 'beyond' : undefined
}
