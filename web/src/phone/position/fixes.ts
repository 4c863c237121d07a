import type { Schemas } from '../../api/client'

export type Fix = Schemas['ReportedFix']
export type PositionError = Schemas['PositionError']
export interface Readings {
  fixes: Fix[]
  /** Why there is no fix at all. */
  error?: PositionError
}

export interface Run {
  readonly fixes: Fix[]
  /** When it ends at the latest, by `Date.now()`. */
  readonly until: number
  readonly done: Promise<Readings>
  stop: () => void
}

const LONGEST_MS = 8000
const MOST = 12
const ENOUGH_M = 15
const ERRORS: Record<number, PositionError> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' }

export const fixOf = ({ coords, timestamp }: GeolocationPosition): Fix => ({
  latitude: coords.latitude,
  longitude: coords.longitude,
  accuracy_m: coords.accuracy,
  fix_time: new Date(timestamp).toISOString(),
  altitude_m: coords.altitude,
  speed_mps: coords.speed,
  heading_deg: Number.isNaN(coords.heading) ? null : coords.heading,
})

/** The stated accuracy of the most precise fix, in metres. */
export const bestAccuracy = (fixes: readonly Fix[]): number | undefined =>
  fixes.length ? Math.min(...fixes.map((fix) => fix.accuracy_m ?? Infinity)) : undefined

/** Watches the position until a fix is precise enough, there are twelve, or eight seconds are over. All fixes count. */
export function startFixes(onChange: (fixes: Fix[]) => void = () => {}): Run {
  const fixes: Fix[] = []
  const until = Date.now() + LONGEST_MS
  let error: PositionError | undefined
  let finish: (readings: Readings) => void = () => {}
  const done = new Promise<Readings>((resolve) => (finish = resolve))
  const place = 'geolocation' in navigator ? navigator.geolocation : undefined

  const end = (): void => {
    clearTimeout(timer)
    if (watch !== undefined) place?.clearWatch(watch)
    finish(fixes.length ? { fixes } : { fixes, error: error ?? 'timeout' })
  }
  const timer = setTimeout(end, LONGEST_MS)
  const watch = place?.watchPosition(
    (position) => {
      fixes.push(fixOf(position))
      onChange(fixes)
      if (fixes.length >= MOST || position.coords.accuracy <= ENOUGH_M) end()
    },
    (refusal) => {
      error = ERRORS[refusal.code]
      if (error === 'denied') end()
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MS },
  )
  if (!place) {
    error = 'unavailable'
    end()
  }
  return { fixes, until, done, stop: end }
}

/** One whole reading, as a home or a temporary place needs it. */
export const readFixes = (onChange?: (fixes: Fix[]) => void): Promise<Readings> => startFixes(onChange).done
