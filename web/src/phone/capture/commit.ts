import { civilDate } from '../../i18n/time'
import { serverNow } from '../app/clock.svelte'
import { sha256Hex } from '../device/jws'
import type { Item, Slot } from '../outbox/item'
import { change, enqueue } from '../outbox/outbox.svelte'
import { uuid7 } from '../outbox/uuid7'
import { encodeJpeg } from '../photo/encode'
import type { Run } from '../position/fixes'
import type { Held } from './challenges'

/** Time to take a photo back before it is sent. */
export const UNDO_MS = 3000
const TIGHT_BYTES = 60_000

export interface Capture {
  person: string
  zone: string
  slot: Slot
  held: Held | undefined
  run: Run
}

/** Nothing could be written: the photo is handed back, so that it can be saved elsewhere. */
export class PhoneFull extends Error {
  constructor(readonly photo: ArrayBuffer) {
    super('the phone is full')
  }
}

/** From the tap on: encodes the frame and stores it; when the phone is nearly full, a smaller one. */
export async function commitFrame(capture: Capture, canvas: HTMLCanvasElement): Promise<Item> {
  const at = Date.now()
  const photo = await encodeJpeg(canvas)
  try {
    return await store(capture, photo, 'image/jpeg', 'camera', at)
  } catch (error) {
    if (!isFull(error)) throw error
    return commitBytes(capture, await encodeJpeg(canvas, TIGHT_BYTES), 'image/jpeg', 'camera', at)
  }
}

/** A chosen file goes as it is, so that what it says about itself stays whole. */
export async function commitBytes(
  capture: Capture,
  photo: ArrayBuffer,
  photoType: string,
  photoSource: Item['photoSource'] = 'file',
  at = Date.now(),
): Promise<Item> {
  try {
    return await store(capture, photo, photoType, photoSource, at)
  } catch (error) {
    throw isFull(error) ? new PhoneFull(photo) : error
  }
}

const isFull = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError'

async function store(
  { person, zone, slot, held, run }: Capture,
  photo: ArrayBuffer,
  photoType: string,
  photoSource: Item['photoSource'],
  at: number,
): Promise<Item> {
  const item: Item = {
    id: uuid7(at),
    person,
    slot,
    zone,
    day: civilDate(serverNow(), zone),
    captured_at: new Date(at).toISOString(),
    utc_offset_minutes: -new Date(at).getTimezoneOffset(),
    photo,
    photoType,
    photoSha256: await sha256Hex(photo),
    photoSource,
    fixes: [...run.fixes],
    challenge: held?.challenge,
    state: 'waiting',
    notBefore: Math.max(at + UNDO_MS, run.until),
    tries: 0,
    renewed: false,
    rekeyed: false,
  }
  await enqueue(item)
  // Without room to note a better position, it goes with the ones it has.
  void awaitFixes(item, run, at).catch(() => undefined)
  return item
}

/** The position may still get better for some seconds; the photo is safe meanwhile, and not sent before. */
async function awaitFixes({ id }: Item, run: Run, at: number): Promise<void> {
  const { fixes, error } = await run.done
  const notBefore = Math.max(Date.now(), at + UNDO_MS)
  await change(id, (item) => ({
    ...item,
    fixes,
    positionError: error,
    notBefore: item.tries ? item.notBefore : notBefore,
  }))
}
