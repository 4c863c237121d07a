import type { Schemas } from '../../api/client'
import { erase, readOne } from '../../store/db'
import { sha256Hex, signJws } from './jws'

/** A person's key on this phone. The private half cannot be read, only used. */
export interface DeviceKey {
  person: string
  key: CryptoKey
  publicKey: Schemas['PublicJwk']
  /** The id the server gave it; none until it is enrolled. */
  device: string | null
}

/** Makes a key and has the server take it; needed once a phone, so it comes from elsewhere. */
export type Enrol = (person: string, kept: DeviceKey | undefined) => Promise<DeviceKey>

export const keptKey = (person: string): Promise<DeviceKey | undefined> => readOne('keys', person)

/** The id of this phone among the person's devices, if it is enrolled. */
export const thisDevice = async (person: string): Promise<string | null> =>
  (await keptKey(person))?.device ?? null

/** Forgets the key, for instance after its device was removed; the next check-in makes a new one. */
export const forgetKey = (person: string): Promise<void> => erase('keys', person)

/** The key that is kept, or a new one. */
export async function enrolledKey(person: string, enrol: Enrol): Promise<DeviceKey> {
  const kept = await keptKey(person)
  return kept?.device ? kept : enrol(person, kept)
}

/** Signs what a check-in consists of: the exact bytes of its JSON part, and its photo. */
export async function signCheckin(
  { key, device }: DeviceKey,
  checkin: BufferSource,
  photoSha256: string,
): Promise<string> {
  const payload = { checkin_sha256: await sha256Hex(checkin), photo_sha256: photoSha256 }
  return signJws(key, { typ: 'checkin+jws', kid: device }, payload)
}
