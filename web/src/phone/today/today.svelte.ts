import { api, ask } from '../../api/client'
import { asProblem, type Problem } from '../../api/problem'
import { load, save } from '../../store/db'
import { prefetch } from '../capture/challenges'
import type { SignedReceipt } from '../outbox/item'
import type { Today } from './status'

let today = $state.raw<Today>()
let loadedAt = $state<number>()
let problem = $state.raw<Problem>()
let hasHome = $state(true)
let owner = ''
let numbers = $state<Record<string, string>>({})

export const todayNow = (): Today | undefined => today
/** When the shown answer came. */
export const loadedWhen = (): number | undefined => loadedAt
/** Why there is no fresh one. */
export const todayProblem = (): Problem | undefined => problem
export const homeKnown = (): boolean => hasHome
/** The receipt number of a check-in, once it is known. */
export const numberOf = (checkin: string): string | undefined => numbers[checkin]

interface Kept {
  today: Today
  at: number
}

/** Shows what is kept at once, then what the server says. */
export async function loadToday(person: string): Promise<void> {
  const name = `today:${person}`
  if (owner !== person) {
    const kept = await load<Kept>(name)
    today = kept?.today
    loadedAt = kept?.at
    owner = person
  }
  try {
    today = await ask(api.GET('/api/v1/me/today'))
    loadedAt = Date.now()
    problem = undefined
    await save(name, { today, at: loadedAt } satisfies Kept)
    await Promise.all([prefetch(person, today), askHome(person), askNumbers(today)])
  } catch (error) {
    problem = asProblem(error)
  }
}

/** Whether a home is registered or asked for; asked until it is once so. */
async function askHome(person: string): Promise<void> {
  const name = `home:${person}`
  if (await load<boolean>(name)) return
  const { places, requests } = await ask(api.GET('/api/v1/me/places'))
  hasHome = places.some((place) => place.in_force) || requests.some((request) => request.state === 'pending')
  if (places.some((place) => place.in_force)) await save(name, true)
}

async function askNumbers({ slots }: Today): Promise<void> {
  const ids = slots.map(({ presence }) => presence?.best_checkin_id).filter((id) => id !== undefined)
  await Promise.all(ids.filter((id) => !numbers[id]).map(askNumber))
}

async function askNumber(id: string): Promise<void> {
  const signed: SignedReceipt = await ask(
    api.GET('/api/v1/checkins/{id}/receipt', { params: { path: { id } } }),
  )
  numbers[id] = signed.receipt.number
}
