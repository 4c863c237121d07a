import { tree, type Unit } from '../units/units'

const STEP = '\u2003'

/** Units for a list to choose from, each as far in as it lies deep. */
export const unitOptions = (units: readonly Unit[]): { value: string; label: string }[] =>
  tree(units).map(({ unit, depth }) => ({ value: unit.code, label: STEP.repeat(depth) + unit.name }))
