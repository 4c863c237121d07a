import { multipart, type Part } from './multipart'
import { asProblem, offline, problemOf } from './problem'
import type { components, paths } from './schema'
import { accessToken } from './tokens'

// A typed client of a few lines: the routes, parameters and answers are those of the generated schema.

export type Schemas = components['schemas']
type Method = 'get' | 'post' | 'delete'
type Json = { content: { 'application/json': unknown } }
type Routes<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: object } ? P : never
}[keyof paths]
type Answers<Op> = Op extends { responses: infer R } ? R[keyof R & (200 | 201)] : never
type Answer<Op> = Extract<Answers<Op>, Json> extends { content: { 'application/json': infer T } } ? T : void
type Body<Op> = Op extends { requestBody: { content: { 'application/json': infer T } } }
  ? { body: T }
  : unknown
type Params<Op> = Op extends { parameters: infer P }
  ? { params?: { [K in keyof P as K extends 'path' | 'query' ? K : never]: P[K] } }
  : unknown
type Options<Op> = Body<Op> & Params<Op>

/** A request that `ask` sends, and the type of its answer. */
export interface Asked<T> {
  request: Request
  readonly answer?: T
}

interface Loose {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> }
  body?: unknown
}

const describe =
  <M extends Method>(method: M) =>
  <P extends Routes<M>>(path: P, options?: Options<paths[P][M]>): Asked<Answer<paths[P][M]>> => {
    const { params, body } = (options ?? {}) as Loose
    const filled = (path as string).replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(params?.path?.[name])),
    )
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(params?.query ?? {}))
      if (value != null) query.set(name, String(value))
    const json = body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }
    return {
      request: new Request(`${filled}${query.size ? `?${query}` : ''}`, {
        method: method.toUpperCase(),
        ...json,
      }),
    }
  }

export const api = { GET: describe('get'), POST: describe('post'), DELETE: describe('delete') }

/** Sends a request with the token and gives the data of the answer; everything else is a thrown `Problem`. */
export async function ask<T>({ request }: Asked<T>): Promise<T> {
  const answer = await askRaw(request)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** The same without a token, for signing in. */
export async function askOpenly<T>({ request }: Asked<T>, token?: string): Promise<T> {
  return (await checked(await fetched(request, token))).json() as Promise<T>
}

/** The bytes behind an address of the API. */
export const askBlob = async (path: string): Promise<Blob> => (await askRaw(new Request(path))).blob()

/** An upload without progress, for the service worker, which has no XMLHttpRequest. */
export async function askParts<T>(path: string, parts: Part[]): Promise<T> {
  const { type, body } = multipart(parts)
  const answer = await askRaw(new Request(path, { method: 'POST', body, headers: { 'content-type': type } }))
  return answer.json() as Promise<T>
}

/** The whole answer, to read as a stream. A token that is turned down is refreshed once. */
export async function askRaw(request: Request): Promise<Response> {
  const again = request.clone()
  const token = await tokenOrSignOut()
  const answer = await fetched(request, token)
  return checked(answer.status === 401 ? await fetched(again, await tokenOrSignOut(token)) : answer)
}

/** Called when the server no longer takes this sign-in; the page then asks for the password. */
let onSignedOut: () => void = () => {}
export const whenSignedOut = (then: () => void): void => void (onSignedOut = then)

/** Called with each answer's clock: server minus phone, milliseconds. */
let onClock: (skewMs: number) => void = () => {}
export const whenClockRead = (then: (skewMs: number) => void): void => void (onClock = then)

export async function tokenOrSignOut(refused?: string): Promise<string> {
  try {
    return await accessToken(refused)
  } catch (error) {
    if (asProblem(error).code === 'signed-out') onSignedOut()
    throw error
  }
}

async function fetched(request: Request, token?: string): Promise<Response> {
  if (token) request.headers.set('authorization', `Bearer ${token}`)
  const answer = await fetch(request).catch((cause: unknown) => {
    throw offline(cause)
  })
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (date) onClock(date - Date.now())
  return answer
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer
  throw problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'))
}
