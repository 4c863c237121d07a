const LONG_SIDE = 1280

/** What the video shows, no longer than `longSide`. */
export function drawn(
  video: HTMLVideoElement,
  longSide: number,
  read = false,
): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const scale = Math.min(1, longSide / Math.max(video.videoWidth, video.videoHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  const context = canvas.getContext('2d', { willReadFrequently: read }) as CanvasRenderingContext2D
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  return [canvas, context]
}

/** The frame of this moment, with the code of its challenge in the lower left corner. */
export function snapshot(video: HTMLVideoElement, code: string | undefined): HTMLCanvasElement {
  const [canvas, context] = drawn(video, LONG_SIDE)
  if (code) drawCode(context, code)
  return canvas
}

function drawCode(context: CanvasRenderingContext2D, code: string): void {
  const { width, height } = context.canvas
  const band = Math.round(height * 0.06)
  context.font = `bold ${Math.round(band * 0.75)}px monospace`
  context.textBaseline = 'middle'
  const text = [...code].join(' ')
  const wide = Math.min(width, context.measureText(text).width + band)
  context.fillStyle = '#101414'
  context.fillRect(0, height - band, wide, band)
  context.fillStyle = '#ffffff'
  context.fillText(text, band / 2, height - band / 2)
}
