/** A reading's place in metres around the middle of those that agree. */
export interface Spot {
  east_m: number
  north_m: number
  accuracy_m?: number | null | undefined
}

export interface Drawn {
  x: number
  y: number
  /** Radius of the accuracy circle; none for a reading that lies beyond the edge. */
  r: number
  agrees: boolean
  /** Too far away to be drawn where it is. */
  beyond: boolean
}

export interface Drawing {
  marks: Drawn[]
  bar: { length: number; steps: Steps }
}

/** The drawing is square, from 0 to SIDE. */
export const SIDE = 240
const MARGIN = 14
const HALF = SIDE / 2 - MARGIN
/** Never closer than this, or three perfect readings would look scattered. */
const REACH_MIN_M = 15
const STEP_M = 0.7
const STEPS = [10, 50, 100, 500] as const
export type Steps = (typeof STEPS)[number]

interface Reading {
  agrees: boolean
  spot?: Spot | null | undefined
}

/** Metres to the edge: as far as the agreeing readings reach with their accuracy. */
export function reachM(readings: readonly Reading[]): number {
  const far = readings
    .filter((reading) => reading.agrees)
    .map(({ spot }) => (spot ? Math.hypot(spot.east_m, spot.north_m) + (spot.accuracy_m ?? 0) : 0))
  return Math.max(REACH_MIN_M, ...far)
}

/** The longest bar of whole steps that takes at most half of the width. */
export function bar(reach: number): { length: number; steps: Steps } {
  const scale = HALF / reach
  const fits = STEPS.filter((steps) => steps * STEP_M * scale <= SIDE / 2)
  const steps = fits.at(-1) ?? STEPS[0]
  return { length: round(steps * STEP_M * scale), steps }
}

export function draw(readings: readonly Reading[]): Drawing {
  const reach = reachM(readings)
  const marks = readings.flatMap(({ spot, agrees }) => (spot ? [mark(spot, agrees, HALF / reach)] : []))
  // Those that disagree lie under the others.
  marks.sort((a, b) => Number(a.agrees) - Number(b.agrees))
  return { marks, bar: bar(reach) }
}

function mark(spot: Spot, agrees: boolean, scale: number): Drawn {
  const distance = Math.hypot(spot.east_m, spot.north_m) * scale
  const beyond = distance > HALF
  const pull = beyond ? HALF / distance : 1
  return {
    x: round(SIDE / 2 + spot.east_m * scale * pull),
    y: round(SIDE / 2 - spot.north_m * scale * pull),
    r: beyond ? 0 : round((spot.accuracy_m ?? 0) * scale),
    agrees,
    beyond,
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
