// A small city for one test, as the CSV files of `hadir import`. Each unit has the time zone in which its people are
// at a certain hour of their day now, so that a window is open or closed whatever time it really is.

export const PASSWORD = 'kata-sandi-uji'
/** Where everybody lives who has a home. */
export const HOME = { latitude: -6.594837, longitude: 106.816624 }

/** People by what is true of them; the numbers are their NIPs. */
export const people = {
  morning: person('198801012015031101', 'Dewi Lestari', 'PAGI'),
  colleague: person('198802022015032102', 'Agus Salim', 'PAGI'),
  evening: person('198803032015033103', 'Andi Pratama', 'SORE'),
  between: person('198804042015034104', 'Rina Marlina', 'SIANG'),
  dayOff: person('198805052015035105', 'Made Wirawan', 'LIBUR'),
  onLeave: person('198806062015036106', 'Yosina Rumbiak', 'PAGI'),
  homeless: person('198807072015037107', 'Rudi Hartono', 'PAGI'),
  inIncident: person('198808082015038108', 'Putri Ayu', 'PADAM'),
  supervisor: person('197501012000011201', 'Siti Aminah', 'DINAS'),
  second: person('197002021995021202', 'Bambang Sutrisno', 'KOTA'),
}

/** The local hour at which a unit's people are now. */
const HOURS = { KOTA: 7, DINAS: 7, PAGI: 7, SORE: 17, SIANG: 12, LIBUR: 7, PADAM: 7, TETANGGA: 7 }

/**
 * The files as [name, text]; `now` is when the test begins. `more.people` are further people, each with a home, and
 * `more.roles` as `[person, role, unit]`.
 */
export function files(now = new Date(), more = {}) {
  const zone = (unit) => zoneAt(HOURS[unit], now)
  const day = (unit, days = 0) => localDate(zone(unit), now, days)
  const units = Object.keys(HOURS).map((unit) => `${unit},${NAMES[unit]},${PARENTS[unit]},${zone(unit)}`)
  const everybody = [...Object.values(people), ...(more.people ?? [])]
  const housed = everybody.filter(({ nip }) => nip !== people.homeless.nip)
  const workday = WEEKDAYS[(weekday(zone('LIBUR'), now) + 3) % 7]
  return [
    csv('units', 'code,name,parent,time_zone', units),
    csv(
      'people',
      'nip,name,unit,password',
      everybody.map(({ nip, name, unit }) => `${nip},${name},${unit},${PASSWORD}`),
    ),
    csv('roles', 'nip,role,unit,valid_from,valid_to', [
      `${people.supervisor.nip},supervisor,DINAS,2026-01-01,`,
      `${people.second.nip},supervisor,KOTA,2026-01-01,`,
      ...(more.roles ?? []).map(([{ nip }, role, unit = '']) => `${nip},${role},${unit},2026-01-01,`),
    ]),
    csv('schedules', 'unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes', [
      'KOTA,morning,2026-01-01,,mon-sun,05:00,10:00,30',
      'KOTA,evening,2026-01-01,,mon-sun,15:00,20:00,30',
      `LIBUR,morning,2026-01-01,,${workday},05:00,10:00,30`,
      `LIBUR,evening,2026-01-01,,${workday},15:00,20:00,30`,
    ]),
    csv(
      'places',
      'nip,latitude,longitude,radius_m,valid_from',
      housed.map(({ nip }) => `${nip},${HOME.latitude},${HOME.longitude},100,2026-01-01`),
    ),
    csv('rosters', 'nip,valid_from,valid_to,duty', [
      `${people.onLeave.nip},${day('PAGI')},${day('PAGI', 2)},leave`,
    ]),
    csv('incidents', 'code,unit,starts_at,ends_at,words_id,words_en', [
      `PLN-1,PADAM,${iso(now, -2)},${iso(now, 2)},Listrik padam di sebagian kota.,No electricity in parts of the city.`,
    ]),
  ]
}

/** The IANA zone in which it is now the given hour. */
export function zoneAt(hour, now = new Date()) {
  const offset = ((hour - now.getUTCHours() + 36) % 24) - 12
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
}

export const zoneOf = ({ unit }, now = new Date()) => zoneAt(HOURS[unit], now)

const NAMES = {
  KOTA: 'Pemerintah Kota',
  DINAS: 'Dinas Kominfo',
  PAGI: 'Bidang Aplikasi',
  SORE: 'Bidang Statistik',
  SIANG: 'Bidang Persandian',
  LIBUR: 'UPTD Data',
  PADAM: 'Kantor Wilayah',
  TETANGGA: 'Dinas Perhubungan',
}
const PARENTS = {
  KOTA: '',
  DINAS: 'KOTA',
  PAGI: 'DINAS',
  SORE: 'DINAS',
  SIANG: 'DINAS',
  LIBUR: 'DINAS',
  PADAM: 'DINAS',
  TETANGGA: 'KOTA',
}
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export function person(nip, name, unit) {
  return { nip, name, unit }
}

function localDate(timeZone, now, days) {
  return new Date(now.getTime() + days * 86_400_000).toLocaleDateString('en-CA', { timeZone })
}

function weekday(timeZone, now) {
  return new Date(`${localDate(timeZone, now, 0)}T12:00:00Z`).getUTCDay()
}

const iso = (now, hours) => new Date(now.getTime() + hours * 3_600_000).toISOString()
const csv = (name, head, rows) => [`${name}.csv`, `${[head, ...rows].join('\n')}\n`]
