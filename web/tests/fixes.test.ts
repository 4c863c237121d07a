import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bestAccuracy, readFixes, startFixes } from '../src/phone/position/fixes'

type Success = (position: GeolocationPosition) => void
let report: Success = () => {}
let refuse: (error: GeolocationPositionError) => void = () => {}
const clearWatch = vi.fn()

const position = (accuracy: number): GeolocationPosition =>
  ({
    timestamp: Date.parse('2026-11-23T00:00:00Z'),
    coords: { latitude: -6, longitude: 106, accuracy, heading: Number.NaN },
  }) as GeolocationPosition

beforeEach(() => {
  vi.useFakeTimers()
  clearWatch.mockReset()
  const watchPosition = (success: Success, error: typeof refuse): number => {
    report = success
    refuse = error
    return 7
  }
  vi.stubGlobal('navigator', { geolocation: { watchPosition, clearWatch } })
})
afterEach(() => void vi.useRealTimers())

it('stops early at a precise fix and gives all of them', async () => {
  const reading = readFixes()
  for (const accuracy of [900, 60, 300, 9]) report(position(accuracy))
  const { fixes, error } = await reading
  expect(fixes.map((fix) => fix.accuracy_m)).toEqual([900, 60, 300, 9])
  expect(fixes[0]).toMatchObject({ fix_time: '2026-11-23T00:00:00.000Z', heading_deg: null })
  expect(error).toBeUndefined()
  expect(clearWatch).toHaveBeenCalledWith(7)
})

it('ends after eight seconds or twelve fixes', async () => {
  const slow = readFixes()
  report(position(40))
  vi.advanceTimersByTime(8000)
  expect((await slow).fixes).toHaveLength(1)
  const many = readFixes()
  for (let i = 0; i < 12; i++) report(position(40))
  expect((await many).fixes).toHaveLength(12)
})

it('says why there is none', async () => {
  const denied = readFixes()
  refuse({ code: 1 } as GeolocationPositionError)
  expect(await denied).toEqual({ fixes: [], error: 'denied' })
  const silent = readFixes()
  vi.advanceTimersByTime(8000)
  expect(await silent).toEqual({ fixes: [], error: 'timeout' })
  vi.stubGlobal('navigator', {})
  expect(await startFixes().done).toEqual({ fixes: [], error: 'unavailable' })
})

it('names the best accuracy', () => {
  expect(bestAccuracy([{ accuracy_m: 30 }, { accuracy_m: 12 }])).toBe(12)
  expect(bestAccuracy([])).toBeUndefined()
})
