import type { components } from '../../api/schema'
import type { Fix, PositionError } from '../position/fixes'

export type Slot = 'morning' | 'evening'
export type SignedReceipt = components['schemas']['SignedReceipt']

/** Why the last try failed, kept so that it can be shown after a restart; `status` 0 is no network. */
export interface Trouble {
  code: string
  status: number
  detail: string
  action: { id: string; en: string }
}

/** A check-in on this phone. It leaves only with a receipt, or when its person removes a refused one. */
export interface Item {
  id: string
  person: string
  slot: Slot
  zone: string
  /** The civil date of the capture in that zone, by the server's clock as far as it was known. */
  day: string
  captured_at: string
  utc_offset_minutes: number
  /** Bytes, not a Blob: WebKit has lost blobs in its database. Dropped once there is a receipt. */
  photo: ArrayBuffer | null
  photoType: string
  photoSha256: string
  photoSource: 'camera' | 'file'
  fixes: Fix[]
  positionError?: PositionError | undefined
  challenge?: string | undefined
  state: 'waiting' | 'received' | 'refused'
  /** Not sent before this moment of the phone's clock: the time to take it back, or to wait after a failure. */
  notBefore: number
  tries: number
  /** Whether a new challenge was already got for it: once. */
  renewed: boolean
  /** Whether the key that signed it turned out to be unknown. */
  rekeyed: boolean
  trouble?: Trouble | undefined
  receipt?: SignedReceipt | undefined
}
