import { describe, expect, it } from 'vitest'
import { offline, Problem } from '../src/api/problem'
import type { CaseView } from '../src/console/api/reviews'
import { afterProblem, afterReading, pause, UNTRIED, type Deed } from '../src/console/case/deed'
import { Pipeline, type Job, type Server } from '../src/console/case/pipeline'
import { caseView } from './console-cases'

const problem = (code: string, status = 409, said: Record<string, unknown> = {}): Problem =>
  new Problem(code, status, code, code, { id: code, en: code }, undefined, undefined, said)
const accept = (id: string): Deed => ({
  id,
  act: { kind: 'decide', decision: 'accept', reason_code: 'in_order', version: 1 },
})
const ask = (id: string): Deed => ({ id, act: { kind: 'ask', text: 'Di mana?' } })
const decided = (id: string, given: Partial<CaseView> = {}): CaseView =>
  caseView(id, {
    state: 'decided',
    version: 2,
    ruling: { decision: 'accept' },
    undo_until: '2026-11-20T00:01:00Z',
    ...given,
  })

/** A server that writes down what it is asked, and answers as it is told. */
class Told implements Server {
  asked: string[] = []
  sends: (Problem | CaseView | Promise<CaseView>)[] = []
  reads: (Problem | CaseView)[] = []
  claims: (Problem | CaseView)[] = []
  undoes: Problem[] = []

  claim = (id: string): Promise<CaseView> => this.#tell(`claim ${id}`, this.claims.shift() ?? caseView(id))
  release = (id: string): Promise<void> => this.#tell(`release ${id}`, undefined)
  read = (id: string): Promise<CaseView> => this.#tell(`read ${id}`, this.reads.shift() ?? caseView(id))
  send = (deed: Deed): Promise<CaseView> =>
    this.#tell(`send ${deed.id}`, this.sends.shift() ?? decided(deed.id))
  undo = (id: string): Promise<CaseView> =>
    this.#tell(`undo ${id}`, this.undoes.shift() ?? caseView(id, { version: 3 }))
  look = (id: string, checkin: unknown): Promise<void> =>
    this.#tell(`look ${id} ${String(checkin)}`, undefined)
  wait = (ms: number): Promise<void> => this.#tell(`wait ${ms}`, undefined)

  async #tell<T>(what: string, answer: T | Problem | Promise<T>): Promise<T> {
    this.asked.push(what)
    const told = await answer
    if (told instanceof Problem) throw told
    return told
  }
}

function desk(): { server: Told; jobs: Map<string, Job>; pipeline: Pipeline; quiet: () => Promise<void> } {
  const server = new Told()
  const jobs = new Map<string, Job>()
  const pipeline = new Pipeline(server, (job) => jobs.set(job.deed.id, job))
  // Whatever was put into the line before has been through once this is.
  const quiet = async (): Promise<void> => void (await pipeline.claim('nothing', () => false))
  return { server, jobs, pipeline, quiet }
}

describe('a deed', () => {
  it('is sent, and done once the server says so', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    expect(pipeline.submit(accept('a')).stage).toBe('waiting')
    expect(pipeline.unsent).toBe(1)
    await quiet()
    expect(server.asked).toEqual(['send a'])
    expect(jobs.get('a')).toMatchObject({ stage: 'done', view: { state: 'decided' } })
    expect(pipeline.unsent).toBe(0)
  })

  it('goes before the claim of the next case, and after the claim of its own', async () => {
    const { server, pipeline, quiet } = desk()
    void pipeline.claim('a', () => true)
    pipeline.submit(accept('a'))
    void pipeline.claim('b', () => true)
    pipeline.submit(accept('b'))
    await quiet()
    expect(server.asked).toEqual(['claim a', 'send a', 'claim b', 'send b'])
  })

  it('that somebody else was faster with is never done', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-decided', 409, { by: 'Bu Rina', decision: 'accept' })]
    server.reads = [decided('a', { undo_until: null })]
    pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')).toMatchObject({ stage: 'failed', problem: { said: { by: 'Bu Rina' } } })
    expect(server.asked).toEqual(['send a', 'read a'])
  })

  it('that a browser sent twice is done, and did not fail on itself', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-decided')]
    server.reads = [decided('a')]
    pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')?.stage).toBe('done')
  })

  it('does not count what was decided otherwise from another window as its own', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-decided')]
    server.reads = [decided('a', { ruling: { decision: 'reject' } })]
    pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')?.stage).toBe('failed')
  })

  it('takes a case again whose claim has run out, once', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-not-held')]
    pipeline.submit(accept('a'))
    await quiet()
    expect(server.asked).toEqual(['send a', 'claim a', 'send a'])
    expect(jobs.get('a')?.stage).toBe('done')

    server.sends = [problem('review-not-held'), problem('review-not-held')]
    pipeline.submit(accept('b'))
    await quiet()
    expect(jobs.get('b')).toMatchObject({ stage: 'failed', problem: { code: 'review-not-held' } })
  })

  it('fails when the case is with somebody else by then', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-not-held')]
    server.claims = [problem('review-held', 409, { by: 'Bu Rina' })]
    pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')).toMatchObject({ stage: 'failed', problem: { code: 'review-held' } })
  })

  it('opens the photo that the server has not seen opened, and goes on', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('photo-unseen', 409, { checkin_id: 'c1' })]
    pipeline.submit(accept('a'))
    await quiet()
    expect(server.asked).toEqual(['send a', 'look a c1', 'send a'])
    expect(jobs.get('a')?.stage).toBe('done')
  })

  it('whose answer was lost is looked for before it is sent again', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [offline('gone'), offline('gone')]
    server.reads = [caseView('a'), decided('a')]
    pipeline.submit(accept('a'))
    await quiet()
    expect(server.asked).toEqual(['send a', 'wait 1000', 'read a', 'send a', 'wait 2000', 'read a'])
    expect(jobs.get('a')?.stage).toBe('done')
  })

  it('whose answer was lost is told by the server what came to the case meanwhile', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [offline('gone'), problem('review-changed')]
    server.reads = [caseView('a', { version: 2 })]
    pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')).toMatchObject({ stage: 'failed', problem: { code: 'review-changed' } })

    server.sends = [offline('gone'), problem('review-decided', 409, { by: 'Bu Rina' })]
    server.reads = [decided('b', { undo_until: null }), decided('b', { undo_until: null })]
    pipeline.submit(accept('b'))
    await quiet()
    expect(jobs.get('b')).toMatchObject({ stage: 'failed', problem: { said: { by: 'Bu Rina' } } })
  })

  it('is given up after a while without network, and can be sent again', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = Array.from({ length: 6 }, () => offline('gone'))
    server.reads = Array.from({ length: 5 }, () => offline('gone'))
    const { key } = pipeline.submit(accept('a'))
    await quiet()
    expect(jobs.get('a')).toMatchObject({ stage: 'failed', problem: { status: 0 } })
    pipeline.again(key)
    await quiet()
    expect(jobs.get('a')?.stage).toBe('done')
  })

  it('that fails keeps no other one from being sent', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.sends = [problem('review-changed')]
    pipeline.submit(accept('a'))
    pipeline.submit(accept('b'))
    await quiet()
    expect([jobs.get('a')?.stage, jobs.get('b')?.stage]).toEqual(['failed', 'done'])
  })
})

describe('taking back', () => {
  it('what was not sent yet means that it is never sent', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    const { key } = pipeline.submit(accept('a'))
    expect(await pipeline.undo(key)).toBeUndefined()
    await quiet()
    expect(server.asked).toEqual([])
    expect(jobs.get('a')?.stage).toBe('undone')
  })

  it('what is being sent waits for it, and undoes it on the server', async () => {
    const { server, jobs, pipeline } = desk()
    let answer: (view: CaseView) => void = () => undefined
    server.sends = [new Promise<CaseView>((resolve) => (answer = resolve))]
    const { key } = pipeline.submit(accept('a'))
    await Promise.resolve()
    await Promise.resolve()
    expect(jobs.get('a')?.stage).toBe('sending')
    const undone = pipeline.undo(key)
    answer(decided('a'))
    expect((await undone)?.version).toBe(3)
    expect(server.asked).toEqual(['send a', 'undo a'])
    expect(jobs.get('a')?.stage).toBe('undone')
  })

  it('too late says so, and the decision stands', async () => {
    const { server, jobs, pipeline, quiet } = desk()
    server.undoes = [problem('undo-over')]
    const { key } = pipeline.submit(accept('a'))
    await quiet()
    await expect(pipeline.undo(key)).rejects.toMatchObject({ code: 'undo-over' })
    expect(jobs.get('a')?.stage).toBe('done')
  })
})

describe('a case', () => {
  it('that was left before its turn is not taken', async () => {
    const { server, pipeline } = desk()
    expect(await pipeline.claim('a', () => false)).toBeUndefined()
    expect(server.asked).toEqual([])
  })

  it('counts as dealt with while its deed is under way and once it is done, until it comes back newer', async () => {
    const { server, pipeline, quiet } = desk()
    server.sends = [caseView('a', { state: 'asked', version: 2 })]
    pipeline.submit(ask('a'))
    expect(pipeline.standing('a', 1)).toBe(true)
    await quiet()
    expect(pipeline.standing('a', 1)).toBe(true)
    // The answer of its person made it another version.
    expect(pipeline.standing('a', 3)).toBe(false)
  })

  it('whose deed failed or was taken back can be dealt with anew', async () => {
    const { server, pipeline, quiet } = desk()
    server.sends = [problem('review-changed')]
    pipeline.submit(accept('a'))
    await quiet()
    expect(pipeline.standing('a', 1)).toBe(false)
    const { key } = pipeline.submit(accept('b'))
    await pipeline.undo(key)
    expect(pipeline.standing('b', 1)).toBe(false)
  })
})

describe('what follows a problem', () => {
  it('is a reading while nobody knows whether it was done', () => {
    for (const status of [0, 429, 500, 503]) expect(afterProblem(problem('x', status), UNTRIED)).toBe('read')
  })

  it('is the end for what the server has understood', () => {
    for (const code of ['review-changed', 'review-waiting', 'reason-invalid', 'note-too-long', 'not-found'])
      expect(afterProblem(problem(code, 422), UNTRIED)).toBe('fail')
  })

  it('has pauses that grow to twenty seconds', () => {
    expect([1, 2, 3, 4, 5, 6].map(pause)).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000])
  })
})

it('a question is found by its words', () => {
  const question = { text: 'Di mana?', asked_at: '', asked_by: '', due_at: '' }
  expect(afterReading(ask('a'), caseView('a', { state: 'asked', question }))).toBe('done')
  expect(afterReading(ask('a'), caseView('a'))).toBe('again')
  expect(afterReading(ask('a'), decided('a'))).toBe('other')
})
