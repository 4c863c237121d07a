import { asProblem, type Problem } from '../../api/problem'
import type { Page } from '../api/types'

/** A list that comes page by page. What is there stays when the next page does not come. */
export class List<T> {
  rows = $state.raw<T[]>([])
  next = $state.raw<string | null>()
  busy = $state(false)
  problem = $state.raw<Problem>()
  /** Whether the first page has come. */
  done = $state(false)
  private turn = 0

  constructor(private read: (after?: string | null) => Promise<Page<T>>) {}

  /** The first page, and after it the next one each time. */
  more = async (): Promise<void> => {
    const turn = ++this.turn
    this.busy = true
    this.problem = undefined
    try {
      const page = await this.read(this.next)
      if (turn !== this.turn) return
      this.rows = [...this.rows, ...page.items]
      this.next = page.next
      this.done = true
    } catch (thrown) {
      if (turn === this.turn) this.problem = asProblem(thrown)
    } finally {
      if (turn === this.turn) this.busy = false
    }
  }

  /** Begins anew, with another question or the same. An answer to the one before is not waited for. */
  again(read = this.read): Promise<void> {
    this.read = read
    this.rows = []
    this.next = undefined
    this.done = false
    return this.more()
  }
}
