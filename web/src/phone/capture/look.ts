import { lookAt, lumaOf, type Look } from './hints'
import { drawn } from './snapshot'

const SIDE = 160

/** How the live picture looks now, by a small copy of it. */
export function lookNow(video: HTMLVideoElement): Look {
  const [canvas, context] = drawn(video, SIDE, true)
  return lookAt(lumaOf(context.getImageData(0, 0, canvas.width, canvas.height).data), canvas.width)
}
