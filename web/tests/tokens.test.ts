import 'fake-indexeddb/auto'
import { beforeEach, expect, it, vi } from 'vitest'
import { accessToken, keepSession, session, type Session } from '../src/api/tokens'

const kept = (given: Partial<Session> = {}): Session =>
  ({
    person: { id: 'p1' },
    access: 'old',
    accessUntil: Date.now() + 600_000,
    refresh: 'r1',
    over: false,
    ...given,
  }) as Session
const fetched = vi.fn<typeof fetch>()
const answer = (status: number, body: object): Response => new Response(JSON.stringify(body), { status })
const pair = { access_token: 'new', token_type: 'Bearer', expires_in_s: 600, refresh_token: 'r2' }

beforeEach(() => {
  // One at a time, as Web Locks do it.
  let last: Promise<unknown> = Promise.resolve()
  const request = <T>(_: string, work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
  vi.stubGlobal('navigator', { locks: { request } })
  vi.stubGlobal(
    'fetch',
    fetched.mockReset().mockImplementation(() => Promise.resolve(answer(200, pair))),
  )
})

it('uses a token while it is good', async () => {
  await keepSession(kept())
  expect(await accessToken()).toBe('old')
  expect(fetched).not.toHaveBeenCalled()
})

it('refreshes once for all who ask at the same time', async () => {
  await keepSession(kept({ accessUntil: Date.now() - 1 }))
  expect(await Promise.all([accessToken(), accessToken(), accessToken()])).toEqual(['new', 'new', 'new'])
  expect(fetched).toHaveBeenCalledTimes(1)
  expect(await session()).toMatchObject({ access: 'new', refresh: 'r2', person: { id: 'p1' } })
})

it('replaces a token that was turned down before its time', async () => {
  await keepSession(kept())
  expect(await accessToken('old')).toBe('new')
})

it('marks the sign-in as over when the server no longer takes it', async () => {
  fetched.mockImplementation(() => Promise.resolve(answer(401, { code: 'sign-in-over', action: {} })))
  await keepSession(kept({ accessUntil: 0 }))
  await expect(accessToken()).rejects.toMatchObject({ code: 'signed-out' })
  expect(await session()).toMatchObject({ over: true, person: { id: 'p1' } })
})

it('keeps the sign-in through network and server troubles', async () => {
  await keepSession(kept({ accessUntil: 0 }))
  fetched.mockRejectedValueOnce(new TypeError('failed to fetch'))
  await expect(accessToken()).rejects.toMatchObject({ code: 'offline', status: 0 })
  fetched.mockImplementationOnce(() => Promise.resolve(answer(503, { code: 'busy', action: {} })))
  await expect(accessToken()).rejects.toMatchObject({ code: 'busy' })
  expect(await session()).toMatchObject({ over: false, refresh: 'r1' })
})
