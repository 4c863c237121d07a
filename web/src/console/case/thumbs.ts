import { checkinPhoto } from '../api/reviews'

/** How long a case has to be looked at before its small photos are fetched: each of them is a look that is recorded. */
const STAY_MS = 700
const AT_ONCE = 2

/**
 * Fetches small photos one after another once their frame has been in sight for a moment. Gives what stops it and lets
 * go of them.
 */
export function loadThumbs(
  frame: HTMLElement,
  ids: string[],
  found: (id: string, url: string) => void,
  gone: () => void,
): () => void {
  const stop = new AbortController()
  const urls: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  async function fetchNext(): Promise<void> {
    for (let id = ids.shift(); id !== undefined && !stop.signal.aborted; id = ids.shift()) {
      const photo = await checkinPhoto(id, 320, stop.signal).catch(() => undefined)
      if (!photo || stop.signal.aborted) continue
      const url = URL.createObjectURL(photo)
      urls.push(url)
      found(id, url)
    }
  }

  const watcher = new IntersectionObserver(([entry]) => {
    clearTimeout(timer)
    if (!entry?.isIntersecting) return
    timer = setTimeout(() => {
      watcher.disconnect()
      for (let lane = 0; lane < AT_ONCE; lane++) void fetchNext()
    }, STAY_MS)
  })
  watcher.observe(frame)
  return () => {
    clearTimeout(timer)
    watcher.disconnect()
    stop.abort()
    for (const url of urls) URL.revokeObjectURL(url)
    gone()
  }
}
