import type { Problem } from '../../api/problem'
import type { Item, SignedReceipt } from './item'

/** How a try to send ended. */
export type Outcome = { receipt: SignedReceipt; signed: boolean } | { problem: Problem }

/** What a person sees of an item. */
export type View = 'saved' | 'sending' | 'waiting' | 'received' | 'examining' | 'flagged' | 'refused'

const FIRST_MS = 2000
const LONGEST_MS = 300_000
const LATER = [401, 408, 425, 429]
const RENEW = ['challenge-unknown', 'challenge-other-slot', 'challenge-expired', 'challenge-spent']

/** 2 s, 4 s, ... 5 min, each a quarter more or less, so that a whole city does not come back in step. */
export function backOff(tries: number, random: number): number {
  const whole = Math.min(FIRST_MS * 2 ** Math.max(0, tries - 1), LONGEST_MS)
  return Math.round(whole * (0.75 + random / 2))
}

/** The item after a try. Nothing but a receipt or a final refusal ends it. */
export function after(item: Item, outcome: Outcome, now: number, random: number): Item {
  if ('receipt' in outcome) {
    const { receipt, signed } = outcome
    // Signed, and only the sign-in vouches for it: the server does not know this key any more.
    const rekeyed = item.rekeyed || (signed && receipt.receipt.assurance === 'session')
    return { ...item, state: 'received', receipt, rekeyed, photo: null, trouble: undefined }
  }
  const { code, status, detail, action, retryAfterS } = outcome.problem
  const next: Item = { ...item, tries: item.tries + 1, trouble: { code, status, detail, action } }
  if (code === 'signed-out') return { ...next, tries: item.tries, notBefore: now }
  if (RENEW.includes(code) && !item.renewed)
    return { ...next, renewed: true, challenge: undefined, notBefore: now }
  if (status === 0 || status >= 500 || LATER.includes(status)) {
    const wait = Math.max(backOff(next.tries, random), (retryAfterS ?? 0) * 1000)
    return { ...next, notBefore: now + wait }
  }
  return { ...next, state: 'refused' }
}

const isMine = (item: Item, person: string): boolean => item.person === person && item.state === 'waiting'

/** The next item of this person to send now, oldest first. */
export const due = (items: readonly Item[], person: string, now: number): Item | undefined =>
  items
    .filter((item) => isMine(item, person) && item.notBefore <= now)
    .sort((a, b) => (a.id < b.id ? -1 : 1))[0]

/** When the next one is due, if there is any. */
export function nextDue(items: readonly Item[], person: string): number | undefined {
  const times = items.filter((item) => isMine(item, person)).map((item) => item.notBefore)
  return times.length ? Math.min(...times) : undefined
}

/** Items that wait only because there was no network; when it is back they need not wait longer. */
export const hurried = (items: readonly Item[], now: number): Item[] =>
  items
    .filter((item) => item.state === 'waiting' && item.trouble?.status === 0 && item.notBefore > now)
    .map((item) => ({ ...item, notBefore: now }))

export function view(item: Item, sending: string | undefined): View {
  if (item.state === 'received') {
    const verdict = item.receipt?.receipt.verdict
    return !verdict || verdict === 'accepted' ? 'received' : verdict
  }
  if (item.state === 'refused') return 'refused'
  if (item.id === sending) return 'sending'
  return item.tries > 0 ? 'waiting' : 'saved'
}
