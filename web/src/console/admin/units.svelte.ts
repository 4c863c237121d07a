import { asProblem, type Problem } from '../../api/problem'
import { person } from '../session/session.svelte'
import { unitList } from '../units/list'
import type { Unit } from '../units/units'

/** All units, for a screen that needs them before anything else. */
export class Units {
  list = $state.raw<Unit[]>()
  problem = $state.raw<Problem>()

  /** The zone of a unit; of no unit that of whoever is signed in. */
  zoneOf(code: string | null | undefined): string {
    return this.list?.find((unit) => unit.code === code)?.time_zone ?? person().time_zone
  }

  load = async (): Promise<void> => {
    this.problem = undefined
    try {
      this.list = await unitList()
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  }
}
