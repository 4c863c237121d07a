import type { Schemas } from '../../api/client'

/** `300 m` below a kilometre, `3 km` or `1,5 km` above; numbers as they are written in Indonesia. */
export const metres = (value: number): string =>
  value < 1000 ? `${Math.round(value)} m` : `${String(Math.round(value / 100) / 10).replace('.', ',')} km`

export type Band =
  | { key: 'request.office.below'; to: string }
  | { key: 'request.office.above'; from: string }
  | { key: 'request.office.between'; from: string; to: string }

/** How far it is to the office, as far as that is told; nothing when it is not. */
export function officeBand(from: number | null | undefined, to: number | null | undefined): Band | undefined {
  if (from && to) return { key: 'request.office.between', from: metres(from), to: metres(to) }
  if (to) return { key: 'request.office.below', to: metres(to) }
  return from ? { key: 'request.office.above', from: metres(from) } : undefined
}

/** How far the farthest fix lies from the middle of the fence, metres, rounded up; nothing without fixes. */
export const farthestM = ({ fixes }: Schemas['Drawing']): number | undefined =>
  fixes.length
    ? Math.ceil(Math.max(...fixes.map(({ east_m, north_m }) => Math.hypot(east_m, north_m))))
    : undefined
