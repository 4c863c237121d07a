import { connection, photoBudget, shrink } from './shrink'

type Source = CanvasImageSource & { width: number; height: number }

/** A JPEG within the budget of a canvas or bitmap. */
export function encodeJpeg(source: Source, budget = photoBudget(connection())): Promise<ArrayBuffer> {
  const longSide = Math.max(source.width, source.height)
  return shrink((side, quality) => jpeg(source, side / longSide, quality), longSide, budget)
}

/** A chosen picture, upright and small; for answers, where the camera's own file is not needed as evidence. */
export async function shrinkFile(file: Blob): Promise<ArrayBuffer> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    return await encodeJpeg(bitmap)
  } finally {
    bitmap.close()
  }
}

async function jpeg(source: Source, scale: number, quality: number): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(source.width * scale)
  canvas.height = Math.round(source.height * scale)
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  if (!blob) throw new Error('the picture cannot be encoded')
  return blob.arrayBuffer()
}
