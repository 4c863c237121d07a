import { api, ask, type Schemas } from '../../api/client'
import type { Part } from '../../api/multipart'
import { asProblem, Problem } from '../../api/problem'
import { session } from '../../api/tokens'
import { enrolledKey, forgetKey, signCheckin, type Enrol } from '../device/key'
import type { Item, SignedReceipt } from './item'
import { after, due, hurried, type Outcome } from './machine'
import { allItems, changeItem, tell } from './store'

/** What differs between the page, which can tell how far an upload is, and the service worker. */
export interface Means {
  upload: (path: string, parts: Part[], onProgress: (share: number) => void) => Promise<SignedReceipt>
  enrol: Enrol
}

/** Lets nothing wait longer that only lacked the network. */
export async function hurryItems(): Promise<void> {
  for (const item of hurried(await allItems(), Date.now())) await changeItem(item.id, () => item)
}

/** Sends what is due, one after another. One tab or worker does it at a time. */
export async function drain(means: Means): Promise<void> {
  // Without a secure address there are no locks, no keys, and nothing was captured either.
  if (!navigator.locks) return
  await navigator.locks.request('hadir-outbox', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    for (;;) {
      const kept = await session()
      const item = kept && !kept.over ? due(await allItems(), kept.person.id, Date.now()) : undefined
      if (!item || !(await attempt(item, means))) return
    }
  })
}

/** One try; false when going on makes no sense before somebody signs in. */
async function attempt(item: Item, means: Means): Promise<boolean> {
  tell({ sending: item.id, share: 0 })
  const outcome = await send(item, means)
  const next = after(item, outcome, Date.now(), Math.random())
  if (next.rekeyed && !item.rekeyed) await forgetKey(item.person)
  await changeItem(item.id, () => next)
  tell({ sending: undefined, share: 0 })
  return next.trouble?.code !== 'signed-out'
}

async function send(item: Item, means: Means): Promise<Outcome> {
  try {
    const parts = await formOf(item, means.enrol)
    const path = `/api/v1/presence/${item.slot}`
    const receipt = await means.upload(path, parts, (share) => tell({ sending: item.id, share }))
    return { receipt, signed: parts.some((part) => part.name === 'signature') }
  } catch (error) {
    return { problem: asProblem(error) }
  }
}

async function formOf(item: Item, enrol: Enrol): Promise<Part[]> {
  if (!item.photo) throw new Error('the photo of an unsent item is missing')
  const challenge = item.challenge ?? (await lateChallenge(item))
  const key = await unlessRefused(enrolledKey(item.person, enrol))
  // Without a key the check-in goes under the sign-in alone; the receipt says which it was.
  const checkin = new TextEncoder().encode(JSON.stringify(draft(item, challenge)))
  const parts: Part[] = [{ name: 'checkin', type: 'application/json', body: checkin }]
  if (key) {
    parts.push({
      name: 'signature',
      type: 'text/plain',
      body: await signCheckin(key, checkin, item.photoSha256),
    })
  }
  return [...parts, { name: 'photo', type: item.photoType, body: item.photo }]
}

export const draft = (item: Item, challenge: string | undefined, now = new Date()): Schemas['Draft'] => ({
  id: item.id,
  ...(challenge && { challenge }),
  captured_at: item.captured_at,
  sent_at: now.toISOString(),
  fixes: item.fixes,
  ...(!item.fixes.length && { position_error: item.positionError ?? 'unavailable' }),
  accuracy_basis: 'web',
  utc_offset_minutes: item.utc_offset_minutes,
  client: `hadir-phone ${__VERSION__}`,
  photo_source: item.photoSource,
})

/** A challenge for a photo that was taken without one. Without any the check-in is sent all the same, and flagged. */
async function lateChallenge({ id, slot }: Item): Promise<string | undefined> {
  const got = await unlessRefused(ask(api.POST('/api/v1/challenges', { body: { slot } })))
  if (got) await changeItem(id, (item) => ({ ...item, challenge: got.challenge }))
  return got?.challenge
}

/** What comes of a request, or nothing when the server declines; network and sign-in troubles stay troubles. */
async function unlessRefused<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    const refused = error instanceof Problem && error.status >= 400 && error.status < 500
    if (refused && error.code !== 'signed-out') return undefined
    throw error
  }
}
