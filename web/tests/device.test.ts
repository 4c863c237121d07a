import 'fake-indexeddb/auto'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeKey, proofOf } from '../src/phone/device/enrol'
import { base64url, sha256Hex } from '../src/phone/device/jws'
import { forgetKey, signCheckin, thisDevice, type DeviceKey } from '../src/phone/device/key'
import { deviceName } from '../src/phone/device/name'

afterEach(() => void vi.useRealTimers())

/** Checks a compact JWS with Node's own crypto and gives its two parts. */
function opened(jws: string, key: DeviceKey): { header: unknown; payload: unknown } {
  const [header = '', payload = '', signature = ''] = jws.split('.')
  const publicKey = createPublicKey({ key: { ...key.publicKey }, format: 'jwk' })
  const good = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  expect(good).toBe(true)
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: read(header), payload: read(payload) }
}

describe('the device key', () => {
  it('proves itself to the server', async () => {
    const key = await makeKey('p1')
    const { header, payload } = opened(await proofOf(key), key)
    expect(header).toEqual({ alg: 'ES256', typ: 'device-proof+jws' })
    expect(payload).toEqual({ sub: 'p1', iat: expect.any(Number) })
  })

  it('signs the exact bytes of a check-in and its photo', async () => {
    const key = { ...(await makeKey('p1')), device: 'd1' }
    const bytes = new TextEncoder().encode('{"id":"x"}')
    const { header, payload } = opened(await signCheckin(key, bytes, 'f00d'), key)
    expect(header).toEqual({ alg: 'ES256', typ: 'checkin+jws', kid: 'd1' })
    expect(payload).toEqual({
      checkin_sha256: createHash('sha256').update(bytes).digest('hex'),
      photo_sha256: 'f00d',
    })
  })

  it('cannot be read', async () => {
    const { key } = await makeKey('p1')
    await expect(crypto.subtle.exportKey('jwk', key)).rejects.toThrow()
  })

  it('is no device before it is enrolled, nor after it is forgotten', async () => {
    await makeKey('p2')
    expect(await thisDevice('p2')).toBeNull()
    await forgetKey('p2')
    expect(await thisDevice('p2')).toBeNull()
  })
})

describe('bytes', () => {
  it('are written URL-safe and without padding', () => {
    expect(base64url(new Uint8Array([0xfb, 0xff, 0xfe, 1]))).toBe(
      Buffer.from([0xfb, 0xff, 0xfe, 1]).toString('base64url'),
    )
  })

  it('are hashed as hex', async () => {
    expect(await sha256Hex(new TextEncoder().encode('abc'))).toBe(
      createHash('sha256').update('abc').digest('hex'),
    )
  })
})

describe('names', () => {
  it('are what people call their phone', () => {
    expect(
      deviceName(
        'Mozilla/5.0 (Linux; Android 14; SM-A057F) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
      ),
    ).toBe('Chrome, Android')
    expect(
      deviceName(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
      ),
    ).toBe('Safari, iPhone')
    expect(deviceName('something')).toBe('Browser')
  })
})
