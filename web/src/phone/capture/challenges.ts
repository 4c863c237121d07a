import { api, ask, type Schemas } from '../../api/client'
import { forget, load, save } from '../../store/db'
import type { Slot } from '../outbox/item'
import type { Today } from '../today/status'

/** A challenge kept for a capture, perhaps without network; at most one unspent a slot. */
export interface Held extends Pick<Schemas['ChallengeView'], 'challenge' | 'code' | 'offline_until'> {
  got: number
}

const STALE_MS = 8 * 60_000
const nameOf = (person: string, slot: Slot): string => `challenge:${person}:${slot}`

export async function heldChallenge(person: string, slot: Slot): Promise<Held | undefined> {
  const held = await load<Held>(nameOf(person, slot))
  return held && Date.parse(held.offline_until) > Date.now() ? held : undefined
}

/** A fresh one when there is network, else the one that is kept. */
export async function challengeFor(person: string, slot: Slot): Promise<Held | undefined> {
  const held = await heldChallenge(person, slot)
  if (held && Date.now() - held.got < STALE_MS) return held
  return (await fetchOne(person, slot)) ?? held
}

/** It goes with a photo now and is not offered again, unless that photo is taken back. */
export const spend = (person: string, slot: Slot): Promise<void> => forget(nameOf(person, slot))
export const giveBack = (person: string, slot: Slot, held: Held): Promise<void> =>
  save(nameOf(person, slot), held)

/** A code given out before a slot opens says little of when the photo was taken; from here on it does. */
const NEAR_MS = 10 * 60_000

/** Gets one for every slot still to come today, so that the capture works without network. */
export async function prefetch(person: string, today: Today): Promise<void> {
  for (const { window, presence } of today.slots) {
    const ends = Date.parse(window.grace_ends)
    const slot = window.slot
    if (presence || slot === 'spot' || ends < Date.now()) continue
    const held = await heldChallenge(person, slot)
    const near = Date.parse(window.opens) - NEAR_MS
    const early = Date.now() >= near && !!held && held.got < near
    if (!held || early || Date.parse(held.offline_until) < ends) await fetchOne(person, slot)
  }
}

async function fetchOne(person: string, slot: Slot): Promise<Held | undefined> {
  try {
    const { challenge, code, offline_until } = await ask(api.POST('/api/v1/challenges', { body: { slot } }))
    const held = { challenge, code, offline_until, got: Date.now() }
    await save(nameOf(person, slot), held)
    return held
  } catch {
    return undefined
  }
}
