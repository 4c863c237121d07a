import { describe, expect, it, vi } from 'vitest'
import { kindOf } from '../src/phone/capture/file'
import { lookAt, lumaOf } from '../src/phone/capture/hints'
import { photoBudget, shrink } from '../src/phone/photo/shrink'

/** A camera picture whose size grows with its area and quality. */
const encoder = (bytesAtFull: number) =>
  vi.fn((side: number, quality: number) =>
    Promise.resolve(new ArrayBuffer(Math.round(bytesAtFull * (side / 1280) ** 2 * quality))),
  )

describe('shrinking', () => {
  it('takes the first try when it fits', async () => {
    const encode = encoder(100_000)
    expect((await shrink(encode, 1920, 180_000)).byteLength).toBe(82_000)
    expect(encode.mock.calls).toEqual([[1280, 0.82]])
  })

  it('walks quality down before size', async () => {
    const encode = encoder(500_000)
    expect((await shrink(encode, 1280, 180_000)).byteLength).toBeLessThanOrEqual(180_000)
    expect(encode.mock.calls.map(([side]) => side).slice(0, 6)).toEqual([1280, 1280, 1280, 1280, 1280, 1024])
    expect(encode.mock.calls[4]?.[1]).toBe(0.5)
  })

  it('never enlarges, and ends even when nothing fits', async () => {
    const encode = encoder(1e9)
    await shrink(encode, 800, 180_000)
    expect(encode.mock.calls[0]?.[0]).toBe(800)
    expect(encode.mock.calls.at(-1)?.[1]).toBe(0.5)
  })

  it('saves data where it is dear', () => {
    expect(photoBudget(undefined)).toBe(180_000)
    expect(photoBudget({ effectiveType: '4g' })).toBe(180_000)
    expect(photoBudget({ effectiveType: 'slow-2g' })).toBe(100_000)
    expect(photoBudget({ saveData: true })).toBe(100_000)
  })
})

const W = 160
const picture = (level: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: W * 120 }, (_, i) => level(i % W, Math.floor(i / W)))
const noise = (x: number, y: number): number => ((x * 7919 + y * 104_729) % 61) - 30

describe('hints', () => {
  it('let an ordinary picture be', () => {
    expect(
      lookAt(
        picture((x, y) => 120 + noise(x, y)),
        W,
      ),
    ).toBe('ok')
  })

  it('see darkness, glare and a covered lens', () => {
    expect(
      lookAt(
        picture((x, y) => 12 + (noise(x, y) > 20 ? 9 : 0)),
        W,
      ),
    ).toBe('dark')
    expect(
      lookAt(
        picture((x, y) => 240 + (noise(x, y) > 0 ? 9 : 0)),
        W,
      ),
    ).toBe('bright')
    expect(
      lookAt(
        picture(() => 120),
        W,
      ),
    ).toBe('covered')
  })

  it('do not mind a lamp in a dark room', () => {
    expect(
      lookAt(
        picture((x, y) => (x < 30 ? 250 : 15 + Math.abs(noise(x, y)) / 2)),
        W,
      ),
    ).toBe('ok')
  })

  it('weigh colours as eyes do', () => {
    expect([...lumaOf(new Uint8ClampedArray([255, 255, 255, 255, 0, 255, 0, 255, 0, 0, 0, 255]))]).toEqual([
      255, 149, 0,
    ])
  })
})

describe('files', () => {
  const start = (text: string, at = 0): Uint8Array =>
    Uint8Array.from({ length: 16 }, (_, i) => text.charCodeAt(i - at) || 0)

  it('are known by their first bytes', () => {
    expect(kindOf(new Uint8Array([0xff, 0xd8, 0xff]))).toBe('image/jpeg')
    expect(kindOf(start('PNG', 1))).toBe('image/png')
    expect(kindOf(start('RIFF....WEBP'))).toBe('image/webp')
    expect(kindOf(start('ftypheic', 4))).toBe('heic')
    expect(kindOf(start('ftypmp42', 4))).toBeUndefined()
    expect(kindOf(new Uint8Array())).toBeUndefined()
  })
})
