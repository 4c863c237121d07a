import type { Filters } from '../api/reviews'

/** What undoes every choice but the scope. */
export const WHOLE: Partial<Filters> = {
  state: 'open',
  unit: undefined,
  slot: undefined,
  reason: undefined,
  older_than_h: undefined,
  cause: undefined,
}

/** Whether less is shown than what waits. */
export const isNarrowed = ({ state, unit, slot, reason, older_than_h, cause }: Filters): boolean =>
  state !== 'open' || [unit, slot, reason, older_than_h, cause].some((one) => one !== undefined)
