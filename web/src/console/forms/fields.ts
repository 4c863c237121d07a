import type { Problem } from '../../api/problem'

/** The field that a problem is about: the first whose name stands in its detail as a word; none when it tells of no field. */
export function fieldOf<F extends string>(problem: Problem | undefined, fields: readonly F[]): F | undefined {
  if (!problem || problem.status < 400 || problem.status >= 500) return undefined
  const words = problem.detail.split(/[^\w]+/)
  const at = (field: F): number => words.indexOf(field)
  return fields.filter((field) => at(field) >= 0).sort((a, b) => at(a) - at(b))[0]
}
