import { asProblem } from '../../api/problem'
import { checkinPhoto } from '../api/reviews'

/** A photo in memory, decoded: putting its element into the page draws it with the next frame. */
export interface Picture {
  url: string
  element: HTMLImageElement
  drop: () => void
}

export async function loadPicture(checkin: string, signal: AbortSignal): Promise<Picture | 'gone'> {
  let bytes: Blob
  try {
    bytes = await checkinPhoto(checkin, 1280, signal)
  } catch (problem) {
    if (asProblem(problem).code === 'photo-unavailable') return 'gone'
    throw problem
  }
  const url = URL.createObjectURL(bytes)
  const element = new Image()
  element.src = url
  const drop = (): void => URL.revokeObjectURL(url)
  try {
    await element.decode()
  } catch (broken) {
    drop()
    throw broken
  }
  return { url, element, drop }
}
