import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Part } from '../src/api/multipart'
import { multipart } from '../src/api/multipart'
import { Problem } from '../src/api/problem'
import { keepSession, type Session } from '../src/api/tokens'
import { makeKey } from '../src/phone/device/enrol'
import { drain, type Means } from '../src/phone/outbox/sender'
import { allItems, putItem, removeItem } from '../src/phone/outbox/store'
import { anItem, aReceipt } from './items'

const session = {
  person: { id: 'p1' },
  access: 'token',
  accessUntil: Date.now() + 600_000,
  refresh: 'refresh',
  over: false,
} as Session
const answer = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status })
const refused = (code: string, status: number): Problem =>
  new Problem(code, status, code, code, { id: '', en: '' })

const upload = vi.fn<Means['upload']>()
const means: Means = {
  upload,
  enrol: async (person) => ({ ...(await makeKey(person)), device: 'd1' }),
}
const text = async (part: Part | undefined): Promise<string> => new Blob([part?.body ?? '']).text()
const states = async (): Promise<string[]> => (await allItems()).map((item) => item.state)

beforeEach(async () => {
  for (const item of await allItems()) await removeItem(item.id)
  await keepSession(session)
  upload.mockReset().mockResolvedValue(aReceipt())
  vi.stubGlobal('navigator', {
    userAgent: 'test',
    locks: { request: (_: string, __: object, work: (lock: object) => unknown) => work({}) },
  })
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(path: string, init?: RequestInit) {
        super(new URL(path, 'http://hadir.test'), init)
      }
    },
  )
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(answer({ challenge: 'late' }, 201))),
  )
})

it('sends checkin, signature and photo, in this order, and keeps the receipt', async () => {
  await putItem(anItem())
  await drain(means)
  const [path, parts] = upload.mock.calls[0] ?? []
  expect(path).toBe('/api/v1/presence/morning')
  expect(parts?.map((part) => [part.name, part.type])).toEqual([
    ['checkin', 'application/json'],
    ['signature', 'text/plain'],
    ['photo', 'image/jpeg'],
  ])
  const checkin = await text(parts?.[0])
  expect(JSON.parse(checkin)).toMatchObject({
    id: anItem().id,
    challenge: 'abc',
    photo_source: 'camera',
    accuracy_basis: 'web',
    client: expect.stringMatching(/^hadir-phone \d/),
  })
  const payload = JSON.parse(
    Buffer.from((await text(parts?.[1])).split('.')[1] ?? '', 'base64url').toString(),
  ) as object
  expect(payload).toEqual({
    checkin_sha256: createHash('sha256').update(checkin).digest('hex'),
    photo_sha256: 'aa',
  })
  expect(await allItems()).toMatchObject([{ state: 'received', photo: null, receipt: aReceipt() }])
})

it('says why there is no position', async () => {
  await putItem(anItem({ fixes: [], positionError: 'denied' }))
  await drain(means)
  expect(JSON.parse(await text(upload.mock.calls[0]?.[1][0]))).toMatchObject({
    fixes: [],
    position_error: 'denied',
  })
})

it('never sends what belongs to somebody else', async () => {
  await putItem(anItem({ person: 'p2' }))
  await drain(means)
  expect(upload).not.toHaveBeenCalled()
  expect(await states()).toEqual(['waiting'])
})

it('waits while the sign-in is over', async () => {
  await keepSession({ ...session, over: true })
  await putItem(anItem())
  await drain(means)
  expect(upload).not.toHaveBeenCalled()
})

it('gets a challenge late for a photo taken without one', async () => {
  await putItem(anItem({ challenge: undefined }))
  await drain(means)
  expect(JSON.parse(await text(upload.mock.calls[0]?.[1][0]))).toMatchObject({ challenge: 'late' })
})

it('sends without a challenge when the server gives none', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(answer({ code: 'slot-closed', action: {} }, 422))),
  )
  await putItem(anItem({ challenge: undefined }))
  await drain(means)
  expect(JSON.parse(await text(upload.mock.calls[0]?.[1][0]))).not.toHaveProperty('challenge')
})

it('replaces a spent challenge once, with the same id and photo', async () => {
  upload.mockRejectedValueOnce(refused('challenge-spent', 422))
  await putItem(anItem())
  await drain(means)
  expect(upload).toHaveBeenCalledTimes(2)
  expect(JSON.parse(await text(upload.mock.calls[1]?.[1][0]))).toMatchObject({
    id: anItem().id,
    challenge: 'late',
  })
  expect(await states()).toEqual(['received'])
})

it('goes without a signature when the key is declined', async () => {
  await putItem(anItem({ person: 'p1' }))
  await drain({ ...means, enrol: () => Promise.reject(refused('devices-too-many', 409)) })
  expect(upload.mock.calls[0]?.[1].map((part) => part.name)).toEqual(['checkin', 'photo'])
})

it('keeps the photo through a failure and goes on with the next', async () => {
  upload.mockRejectedValueOnce(refused('busy', 503))
  await putItem(anItem({ id: 'a' }))
  await putItem(anItem({ id: 'b' }))
  await drain(means)
  expect(await states()).toEqual(['waiting', 'received'])
  expect((await allItems())[0]?.photo?.byteLength).toBe(5)
})

it('writes a multipart body without file names', async () => {
  const { type, body } = multipart([
    { name: 'checkin', type: 'application/json', body: '{}' },
    { name: 'photo', type: 'image/jpeg', body: new Uint8Array([1, 2]).buffer },
  ])
  const boundary = type.split('boundary=')[1] ?? ''
  expect(await body.text()).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="checkin"\r\nContent-Type: application/json\r\n\r\n{}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="photo"\r\nContent-Type: image/jpeg\r\n\r\n\u0001\u0002\r\n--${boundary}--\r\n`,
  )
})
