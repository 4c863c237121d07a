import { asProblem, type Problem } from '../../api/problem'
import type { CaseView } from '../api/reviews'
import { afterProblem, afterReading, count, pause, UNTRIED, type Deed, type Stage } from './deed'

// Deeds are sent one after another in the order in which they were done, while the page shows the next case already.

export interface Server {
  claim: (id: string) => Promise<CaseView>
  release: (id: string) => Promise<void>
  read: (id: string) => Promise<CaseView>
  send: (deed: Deed) => Promise<CaseView>
  undo: (id: string) => Promise<CaseView>
  /** Opens the photos that have to be seen. */
  look: (id: string, checkin: unknown) => Promise<void>
  wait: (ms: number) => Promise<void>
}

export interface Job {
  readonly key: number
  readonly deed: Deed
  readonly stage: Stage
  /** Why it was not done. */
  readonly problem?: Problem
  /** The case as it is now, when it is known. */
  readonly view?: CaseView
}

const under = ({ stage }: Job): boolean => stage === 'waiting' || stage === 'sending'

export class Pipeline {
  #last: Promise<unknown> = Promise.resolve()
  #jobs = new Map<number, Job>()
  #keys = 0

  constructor(
    private readonly server: Server,
    /** Called with each new stage of a deed. */
    private readonly changed: (job: Job) => void,
  ) {}

  /** Takes a case after everything before was sent; nothing when it is no longer wanted by then. */
  claim(id: string, wanted: () => boolean): Promise<CaseView | undefined> {
    return this.#inTurn(async () => (wanted() ? this.server.claim(id) : undefined))
  }

  release(id: string): Promise<void> {
    return this.#inTurn(() => this.server.release(id)).catch(() => undefined)
  }

  submit(deed: Deed): Job {
    const job: Job = { key: ++this.#keys, deed, stage: 'waiting' }
    this.#jobs.set(job.key, job)
    void this.#inTurn(() => this.#run(job.key))
    return job
  }

  /** Sends a deed that was not done once more. */
  again(key: number): void {
    this.#set(key, { stage: 'waiting' })
    void this.#inTurn(() => this.#run(key))
  }

  /**
   * Takes a deed back: what was not sent yet is not sent, what is done is undone on the server. Gives the case as it
   * is then, where the server said so.
   *
   * Throws the `Problem` when it can no longer be undone.
   */
  async undo(key: number): Promise<CaseView | undefined> {
    const job = this.#jobs.get(key)
    if (job?.stage === 'waiting') {
      this.#set(key, { stage: 'undone' })
      return undefined
    }
    return this.#inTurn(async () => {
      const settled = this.#jobs.get(key)
      if (settled?.stage !== 'done') return settled?.view
      const view = await this.server.undo(settled.deed.id)
      this.#set(key, { stage: 'undone', view })
      return view
    })
  }

  /** How much was done here that the server has not confirmed. */
  get unsent(): number {
    return [...this.#jobs.values()].filter(under).length
  }

  /** Whether something is being done to a case, or was done to it as it is known. */
  standing(id: string, version: number): boolean {
    return [...this.#jobs.values()].some(
      (job) =>
        job.deed.id === id && (under(job) || (job.stage === 'done' && version <= (job.view?.version ?? 0))),
    )
  }

  async #run(key: number): Promise<void> {
    const job = this.#jobs.get(key)
    if (job?.stage !== 'waiting') return
    this.#set(key, { stage: 'sending' })
    try {
      this.#set(key, { stage: 'done', view: await this.#through(job.deed) })
    } catch (thrown) {
      this.#set(key, { stage: 'failed', problem: asProblem(thrown) })
    }
  }

  /** Sends until the deed is done, or until it is known that it was not. */
  async #through(deed: Deed): Promise<CaseView> {
    let tried = UNTRIED
    for (;;) {
      try {
        return await this.server.send(deed)
      } catch (thrown) {
        const problem = asProblem(thrown)
        const next = afterProblem(problem, tried)
        tried = count(tried, next)
        if (next === 'claim') await this.server.claim(deed.id)
        else if (next === 'look') await this.server.look(deed.id, problem.said['checkin_id'])
        else if (next === 'fail') throw problem
        else {
          if (next === 'read') await this.server.wait(pause(tried.lost))
          const view = await this.#found(deed, problem)
          if (view) return view
        }
      }
    }
  }

  /**
   * The case when the deed was done after all; nothing when it should be sent again: to what somebody else did meanwhile
   * the server answers with their name.
   */
  async #found(deed: Deed, problem: Problem): Promise<CaseView | undefined> {
    const view = await this.server.read(deed.id).catch(() => undefined)
    const told = view && afterReading(deed, view)
    if (told === 'other' && problem.code === 'review-decided') throw problem
    return told === 'done' ? view : undefined
  }

  #set(key: number, change: Partial<Job>): void {
    const job = this.#jobs.get(key)
    if (!job) return
    const next = { ...job, ...change }
    this.#jobs.set(key, next)
    this.changed(next)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
