/** What can be said of a small grey picture before the photo is taken. */
export type Look = 'ok' | 'dark' | 'bright' | 'covered'

const TILE = 8
/** Stricter than the server, which finds only what is beyond use: a hint may come early. */
const DARK_MEAN = 40
const DARK_HIGH = 90
const BRIGHT_MEAN = 225
const BRIGHT_LOW = 170
const FLAT_DEVIATION = 3
const FLAT_SHARE = 0.95

export function lookAt(luma: Uint8Array, width: number): Look {
  const sorted = Uint8Array.from(luma).sort()
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const mean = luma.reduce((sum, level) => sum + level, 0) / luma.length
  if (mean < DARK_MEAN && at(0.95) < DARK_HIGH) return 'dark'
  if (mean > BRIGHT_MEAN && at(0.05) > BRIGHT_LOW) return 'bright'
  return flatShare(luma, width) >= FLAT_SHARE ? 'covered' : 'ok'
}

/** Share of tiles in which next to nothing varies. */
function flatShare(luma: Uint8Array, width: number): number {
  const columns = Math.floor(width / TILE)
  const rows = Math.floor(luma.length / width / TILE)
  let flat = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (deviation(luma, width, column * TILE, row * TILE) < FLAT_DEVIATION) flat++
    }
  }
  return rows * columns ? flat / (rows * columns) : 0
}

function deviation(luma: Uint8Array, width: number, left: number, top: number): number {
  let sum = 0
  let squares = 0
  for (let y = top; y < top + TILE; y++) {
    for (let x = left; x < left + TILE; x++) {
      const level = luma[y * width + x] ?? 0
      sum += level
      squares += level * level
    }
  }
  const count = TILE * TILE
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
}

/** Grey levels of RGBA pixels. */
export function lumaOf(rgba: Uint8ClampedArray): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (rgba[4 * i]! * 77 + rgba[4 * i + 1]! * 150 + rgba[4 * i + 2]! * 29) >> 8
  }
  return luma
}
