import { asProblem } from '../../api/problem'
import { whenSignedOut } from '../api/client'
import * as api from '../api/session'
import type { Me, Role } from '../api/types'

/** `over`: the sign-in has ended by itself; the screen stays where it is, covered, until its person is back. */
type Phase = 'out' | 'over' | 'in' | 'failed'

let phase = $state<Phase>('out')
let current = $state.raw<Me>()
let error = $state.raw<unknown>()
let waiting: (() => void)[] = []

export const sessionPhase = (): Phase => phase
/** The signed-in person; screens are only drawn while there is one. */
export const person = (): Me => current as Me
export const sessionError = (): unknown => error
export const has = (...roles: Role[]): boolean => roles.some((role) => person().roles.includes(role))

whenSignedOut(() => {
  if (phase === 'in') phase = 'over'
  return new Promise((resolve) => waiting.push(resolve))
})

export async function startSession(): Promise<void> {
  try {
    enter(await api.whoAmI())
  } catch (thrown) {
    const { status } = asProblem(thrown)
    error = thrown
    phase = status === 401 ? 'out' : 'failed'
  }
}

/** What waited for the same person goes on; for anybody else the page begins anew. */
export async function signIn(nip: string, password: string): Promise<void> {
  const who = await api.signIn(nip, password)
  if (phase === 'over' && who.id !== current?.id) return location.reload()
  enter(who)
}

/** Whoever is not the one whose sign-in ended starts with an empty page. */
export function someoneElse(): void {
  location.hash = ''
  location.reload()
}

/** Ends the sign-in here; nothing of what was shown stays in the page. */
export async function signOut(): Promise<void> {
  await api.signOut()
  someoneElse()
}

function enter(who: Me): void {
  current = who
  phase = 'in'
  for (const go of waiting) go()
  waiting = []
}
