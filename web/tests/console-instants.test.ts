import { describe, expect, it } from 'vitest'
import { instantOf, offsetMinutes, spanOf } from '../src/console/forms/instants'
import { civilDate, clock } from '../src/i18n/time'

describe('an instant entered in a zone', () => {
  it('is what the clock there shows', () => {
    expect(instantOf('2026-11-23', 450, 'Asia/Jakarta')).toBe('2026-11-23T00:30:00Z')
    expect(instantOf('2026-11-23', 450, 'Asia/Makassar')).toBe('2026-11-22T23:30:00Z')
    expect(instantOf('2026-11-23', 450, 'Asia/Jayapura')).toBe('2026-11-22T22:30:00Z')
    expect(instantOf('2026-11-23', 1440, 'Asia/Jakarta')).toBe('2026-11-23T17:00:00Z')
  })

  it('comes back as the date and time that were entered, wherever the viewer is', () => {
    for (const zone of ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'Europe/Berlin', 'Asia/Kathmandu'])
      for (const date of ['2026-01-01', '2026-03-30', '2026-10-26', '2026-12-31'])
        for (const minute of [0, 1, 719, 1439]) {
          const at = instantOf(date, minute, zone)
          const [hours, minutes] = clock(at, zone).split('.').map(Number)
          expect([civilDate(at, zone), hours! * 60 + minutes!], `${date} ${minute} ${zone}`).toEqual([
            date,
            minute,
          ])
        }
  })

  it('knows how far east a zone is', () => {
    const at = Date.parse('2026-11-23T00:00:00Z')
    const zones = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'UTC', 'America/New_York']
    expect(zones.map((zone) => offsetMinutes(at, zone))).toEqual([420, 480, 540, 0, -300])
  })
})

it('a span of time names its date once, and its zone always', () => {
  const jakarta = (from: string, to: string) => spanOf(from, to, 'Asia/Jakarta', 'id')
  expect(jakarta('2026-11-22T23:00:00Z', '2026-11-23T00:30:00Z')).toBe('23 Nov 2026, 06.00–07.30 WIB')
  expect(jakarta('2026-11-22T16:00:00Z', '2026-11-22T18:00:00Z')).toBe(
    '22 Nov 2026, 23.00 WIB – 23 Nov 2026, 01.00 WIB',
  )
})
