/** Makes a JPEG of a picture at a scale and a quality (0 to 1). */
export type Encode = (longSide: number, quality: number) => Promise<ArrayBuffer>

const QUALITIES = [0.82, 0.74, 0.66, 0.58, 0.5]
const START_SIDE = 1280
const LEAST_SIDE = 480

/** Walks quality down, then size, until the picture fits; the smallest try when nothing does. */
export async function shrink(encode: Encode, longSide: number, budget: number): Promise<ArrayBuffer> {
  let side = Math.min(longSide, START_SIDE)
  for (;;) {
    for (const quality of QUALITIES) {
      const bytes = await encode(side, quality)
      const last = side * 0.8 < LEAST_SIDE && quality === QUALITIES.at(-1)
      if (bytes.byteLength <= budget || last) return bytes
    }
    side = Math.round(side * 0.8)
  }
}

interface Connection {
  saveData?: boolean
  effectiveType?: string
}

/** Bytes a photo may have: fewer where data is dear. */
export function photoBudget(connection: Connection | undefined): number {
  const dear = connection?.saveData || /2g$/.test(connection?.effectiveType ?? '')
  return dear ? 100_000 : 180_000
}

export const connection = (): Connection | undefined => (navigator as { connection?: Connection }).connection
