import { forget, load, save } from '../store/db'
import { offline, Problem, problemOf } from './problem'
import type { components } from './schema'

type Tokens = components['schemas']['TokensView']
export type Person = components['schemas']['Me']

/** What a signed-in phone keeps. `over` once the server no longer takes the refresh token: only a password helps. */
export interface Session {
  person: Person
  access: string
  accessUntil: number
  refresh: string
  over: boolean
}

const NAME = 'session'
const EARLY_MS = 30_000

export const session = (): Promise<Session | undefined> => load<Session>(NAME)
export const keepSession = (kept: Session): Promise<void> => save(NAME, kept)
export const dropSession = (): Promise<void> => forget(NAME)

export const withTokens = (person: Person, tokens: Tokens, now = Date.now()): Session => ({
  person,
  access: tokens.access_token,
  accessUntil: now + tokens.expires_in_s * 1000,
  refresh: tokens.refresh_token,
  over: false,
})

const signedOut = (): Problem =>
  new Problem('signed-out', 401, 'signed out', 'no session on this phone', {
    id: 'Silakan masuk lagi.',
    en: 'Please sign in again.',
  })

/** A token that should still be good; `refused` is one the server has just turned down. */
export async function accessToken(refused?: string): Promise<string> {
  const kept = await session()
  if (kept && isGood(kept, refused)) return kept.access
  return exclusively(async () => {
    const now = await session()
    if (!now || now.over) throw signedOut()
    return isGood(now, refused) ? now.access : (await refreshed(now)).access
  })
}

const isGood = (kept: Session, refused?: string): boolean =>
  !kept.over && kept.access !== refused && kept.accessUntil - EARLY_MS > Date.now()

/** One refresh at a time over all tabs and the service worker: a refresh token is good once. */
const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? (navigator.locks.request('hadir-session', work) as Promise<T>) : work()

async function refreshed(kept: Session): Promise<Session> {
  const answer = await fetch('/api/v1/session/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: kept.refresh }),
  }).catch((cause: unknown) => {
    throw offline(cause)
  })
  if (answer.ok) {
    const next = withTokens(kept.person, (await answer.json()) as Tokens)
    await keepSession(next)
    return next
  }
  const problem = problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'))
  if (answer.status === 401) await keepSession({ ...kept, over: true })
  throw answer.status === 401 ? signedOut() : problem
}
