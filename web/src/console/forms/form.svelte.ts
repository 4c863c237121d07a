import { tick } from 'svelte'
import { asProblem, type Problem } from '../../api/problem'
import { say } from '../../i18n/index.svelte'
import { fieldOf } from './fields'

/** What is wrong with fields before anything is sent; empty where nothing is. */
export type Faults<F extends string> = Partial<Record<F, string | false | undefined>>

/** One thing at a time that is sent to the server: what went wrong stays until the next try, what was entered always. */
export class Sending {
  busy = $state(false)
  problem = $state.raw<Problem>()

  /** Whether it went well. A second press while the first is under way does nothing. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.problem = undefined
    try {
      await act()
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      return false
    } finally {
      this.busy = false
    }
  }
}

/** A form whose fields are named as the API names them, so that a problem finds its field. */
export class Form<F extends string> extends Sending {
  private tried = $state(false)

  constructor(private readonly fields: readonly F[]) {
    super()
  }

  /** What stands beside a field: its own fault once somebody tried to send, or what the server said about it. */
  error(field: F, faults: Faults<F> = {}): string | undefined {
    if (this.tried && faults[field]) return faults[field]
    const { problem } = this
    return problem && fieldOf(problem, this.fields) === field
      ? `${say(problem.action)} (${problem.detail})`
      : undefined
  }

  /** Sends when no field has a fault; else, and when the server found one, the first such field gets the focus. */
  async submit(event: SubmitEvent, faults: Faults<F>, act: () => Promise<unknown>): Promise<boolean> {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    this.tried = true
    const went = !Object.values(faults).some(Boolean) && (await this.run(act))
    if (went) this.tried = false
    else {
      await tick()
      form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
    }
    return went
  }
}
