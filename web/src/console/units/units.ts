import type { Schemas } from '../../api/client'

/** A unit as the server lists it. */
export type Unit = Schemas['UnitRecord']

/** A unit in its place: how many units lie above it among those listed. */
export interface Twig<T extends Unit = Unit> {
  unit: T
  depth: number
}

/** The units in the order of the tree, siblings by name. One whose parent is not listed stands at the top. */
export function tree<T extends Unit>(units: readonly T[]): Twig<T>[] {
  const known = new Set(units.map((unit) => unit.code))
  const children = new Map<string | null, T[]>()
  for (const unit of units) {
    const above = unit.parent && known.has(unit.parent) ? unit.parent : null
    children.set(above, [...(children.get(above) ?? []), unit])
  }
  const from = (above: string | null, depth: number): Twig<T>[] =>
    (children.get(above) ?? [])
      .sort((a, b) => a.name.localeCompare(b.name, 'id'))
      .flatMap((unit) => [{ unit, depth }, ...from(unit.code, depth + 1)])
  return from(null, 0)
}

/** The codes of a unit and of everything below it. */
export function withBelow(units: readonly Unit[], code: string): Set<string> {
  const found = new Set([code])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const unit of units) if (unit.parent && found.has(unit.parent)) found.add(unit.code)
  }
  return found
}

/** The units somebody supervises, with all below; an administrator is told of every other one too. */
export function supervised<T extends Unit>(units: readonly T[]): T[] {
  const mine = new Set<string>()
  for (const unit of units) if (unit.mine) for (const code of withBelow(units, unit.code)) mine.add(code)
  return units.filter((unit) => mine.has(unit.code))
}

/** The way from the top of what is listed down to a unit, without the unit itself. */
export function above<T extends Unit>(units: readonly T[], code: string): T[] {
  const by = new Map(units.map((unit) => [unit.code, unit]))
  const way: T[] = []
  for (
    let unit = by.get(by.get(code)?.parent ?? '');
    unit && !way.includes(unit);
    unit = by.get(unit.parent ?? '')
  )
    way.unshift(unit)
  return way
}

/** The unit to begin with: the first that is supervised directly. */
export const firstUnit = (units: readonly Unit[]): string | undefined =>
  (tree(units).find(({ unit }) => unit.mine) ?? tree(units)[0])?.unit.code
