import { offline, problemOf, type Problem } from '../../api/problem'

// Requests with the cookie of the sign-in. Everything but a good answer is a thrown `Problem`.

export type Query = Record<string, string | number | boolean | null | undefined>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Sent {
  query?: Query | undefined
  body?: unknown
  signal?: AbortSignal | undefined
  priority?: RequestPriority | undefined
  /** Goes out even when the page is being left; the answer is of no interest. */
  keepalive?: boolean | undefined
}

const BASE = '/api/v1'
/** How often a read is tried again, and after how long; a write never is, it might have been done. */
const AGAIN_MS = [400, 1500]
/** No longer than this is waited because a server says so. */
const PATIENCE_MS = 5000

export const get = <T>(path: string, query?: Query, sent?: Pick<Sent, 'signal'>): Promise<T> =>
  json<T>('GET', path, { query, ...sent })
export const post = <T = void>(path: string, body?: unknown): Promise<T> => json<T>('POST', path, { body })
export const put = <T = void>(path: string, body: unknown): Promise<T> => json<T>('PUT', path, { body })
export const del = <T = void>(path: string, sent?: Pick<Sent, 'keepalive'>): Promise<T> =>
  json<T>('DELETE', path, sent)

/** The bytes behind an address of the API. */
export const blob = async (
  path: string,
  query?: Query,
  sent?: Pick<Sent, 'signal' | 'priority'>,
): Promise<Blob> => (await answered('GET', path, { query, ...sent })).blob()

/** Asks who is signed in and signs in, where 401 is an answer and not the end of a sign-in. */
export const openly = async <T>(method: Method, path: string, body?: unknown): Promise<T> =>
  (await (await once(method, path, { body })).json()) as T

/** Resolves once the same person has signed in again. */
let signedInAgain: () => Promise<void> = () => new Promise(() => undefined)
export const whenSignedOut = (then: () => Promise<void>): void => void (signedInAgain = then)

/** Called with each answer's clock: server minus this device, milliseconds. */
let onClock: (skewMs: number) => void = () => undefined
export const whenClockRead = (then: (skewMs: number) => void): void => void (onClock = then)

async function json<T>(method: Method, path: string, sent: Sent = {}): Promise<T> {
  const answer = await answered(method, path, sent)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** What was not let in because the sign-in had ended was not done: it waits for the sign-in and is sent then. */
async function answered(method: Method, path: string, sent: Sent): Promise<Response> {
  try {
    return await patiently(method, path, sent)
  } catch (problem) {
    if ((problem as Problem).status !== 401 || sent.keepalive) throw problem
    await signedInAgain()
    return patiently(method, path, sent)
  }
}

async function patiently(method: Method, path: string, sent: Sent): Promise<Response> {
  for (const pause of method === 'GET' ? AGAIN_MS : []) {
    try {
      return await once(method, path, sent)
    } catch (thrown) {
      const problem = thrown as Problem
      const wait = problem.retryAfterS === undefined ? pause : problem.retryAfterS * 1000
      if (!passing(problem) || wait > PATIENCE_MS || sent.signal?.aborted) throw problem
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return once(method, path, sent)
}

/** May go away by itself: no network, or a server that is busy. */
const passing = ({ status }: Problem): boolean =>
  status === 0 || status === 429 || (status >= 502 && status <= 504)

async function once(method: Method, path: string, { query, body, ...rest }: Sent): Promise<Response> {
  const answer = await fetch(BASE + path + search(query), {
    method,
    credentials: 'same-origin',
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
    ...rest,
  } as RequestInit).catch((cause: unknown) => {
    throw offline(cause)
  })
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (date) onClock(date - Date.now())
  if (answer.ok) return answer
  throw problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'))
}

function search(query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text && `?${text}`
}
