import { api, ask } from '../../api/client'
import { write } from '../../store/db'
import { signJws } from './jws'
import type { DeviceKey, Enrol } from './key'
import { deviceName } from './name'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

/** A key that was made but not enrolled, for lack of network, is used up first. */
export const enrol: Enrol = async (person, kept) => {
  const made = kept ?? (await makeKey(person))
  const body = {
    name: deviceName(navigator.userAgent),
    public_key: made.publicKey,
    proof: await proofOf(made),
  }
  const { id } = await ask(api.POST('/api/v1/me/devices', { body }))
  const enrolled = { ...made, device: id }
  await write('keys', enrolled)
  return enrolled
}

export async function makeKey(person: string): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const { kty = '', crv = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const made = { person, key: pair.privateKey, publicKey: { kty, crv, x, y }, device: null }
  await write('keys', made)
  return made
}

/** Shows that whoever enrols holds the private half. */
export const proofOf = ({ person, key }: DeviceKey): Promise<string> =>
  signJws(key, { typ: 'device-proof+jws' }, { sub: person, iat: Math.floor(Date.now() / 1000) })
