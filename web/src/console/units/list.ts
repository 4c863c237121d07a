import { units } from '../api/units'
import type { Unit } from './units'

let asked: Promise<Unit[]> | undefined

/** The units of whoever is signed in, asked for once a visit; what failed is asked for again. */
export function unitList(): Promise<Unit[]> {
  asked ??= units().catch((error: unknown) => {
    asked = undefined
    throw error
  })
  return asked
}

/** After a unit was added or changed. */
export const forgetUnits = (): void => void (asked = undefined)
