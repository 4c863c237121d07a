import type { Schemas } from '../../api/client'

// A fence and what was measured near it, in metres around the middle of the fence; drawn without a map of anybody's.

export type Drawing = Schemas['Drawing']
type Spot = Schemas['Spot']

/** The picture is square, from 0 to SIDE. */
export const SIDE = 320
const HALF = SIDE / 2
/** Bars of these lengths, in metres; the longest that fits a third of the picture. */
const BARS = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1000, 10_000, 100_000].map((ten) => n * ten))
  .sort((a, b) => a - b)
/** Farther than this many times the fence, a fix is drawn at the edge as an arrow. */
const FARTHEST = 12

export interface Mark {
  x: number
  y: number
  /** Radius of the accuracy circle in the picture; none where the phone said none. */
  r: number
  /** Drawn at the edge, because it is beyond it. */
  beyond: boolean
}

export interface Picture {
  /** Circle or polygon of the fence, as a path. */
  fence: string
  marks: Mark[]
  bar: { length: number; metres: number }
}

export function draw({ fence, fixes }: Drawing): Picture {
  const reach = reachM(fence, fixes)
  const scale = (HALF - 16) / reach
  const metres = BARS.filter((one) => one * scale <= SIDE / 3).at(-1) ?? 1
  return {
    fence: fence.radius_m
      ? circle(fence.radius_m * scale)
      : fence.rings.map((ring) => path(ring, scale)).join(''),
    marks: fixes.map((fix) => mark(fix, scale)),
    bar: { length: round(metres * scale), metres },
  }
}

/** From the middle to the edge: the whole fence, and the fixes with their accuracy unless they are very far. */
function reachM(fence: Drawing['fence'], fixes: Spot[]): number {
  const far = (spot: Spot): number => Math.hypot(spot.east_m, spot.north_m)
  const edge = Math.max(10, fence.radius_m ?? 0, ...fence.rings.flat().map(far))
  const wanted = Math.max(edge * 1.25, ...fixes.map((fix) => far(fix) + (fix.accuracy_m ?? 0) * 1.05))
  return Math.min(wanted, edge * FARTHEST)
}

function mark(fix: Spot, scale: number): Mark {
  const distance = Math.hypot(fix.east_m, fix.north_m) * scale
  const beyond = distance > HALF - 14
  const pull = beyond ? (HALF - 14) / distance : 1
  return {
    x: round(HALF + fix.east_m * scale * pull),
    y: round(HALF - fix.north_m * scale * pull),
    r: beyond ? 0 : round((fix.accuracy_m ?? 0) * scale),
    beyond,
  }
}

const circle = (r: number): string =>
  `M${HALF - round(r)} ${HALF}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${-round(2 * r)} 0z`

const path = (ring: Spot[], scale: number): string =>
  `M${ring.map(({ east_m, north_m }) => `${round(HALF + east_m * scale)} ${round(HALF - north_m * scale)}`).join('L')}z`

const round = (value: number): number => Math.round(value * 10) / 10
