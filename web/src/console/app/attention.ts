// Whether somebody is at the page. Nothing is asked of the server again and again for an empty chair: the sign-in
// would never end by itself, and cases would stay taken.

/** How long after the last touch or key somebody counts as gone, in milliseconds. */
export const GONE_MS = 5 * 60_000

let last = Date.now()
const listeners = new Set<() => void>()

for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focus'] as const)
  addEventListener(kind, touched, { passive: true, capture: true })
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') touched()
})

function touched(): void {
  const back = Date.now() - last > GONE_MS
  last = Date.now()
  if (back) for (const listener of listeners) listener()
}

/** Visible, and used within the last minutes. */
export const attended = (): boolean => document.visibilityState === 'visible' && Date.now() - last <= GONE_MS

/**
 * Does something now and then every `everyMs` while somebody is at the page; at once when they come back. The next
 * time is counted from the end of the last one. Gives what ends it.
 */
export function whileAttended(everyMs: number, work: () => Promise<unknown>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let over = false

  async function turn(): Promise<void> {
    clearTimeout(timer)
    if (running || over) return
    if (attended()) {
      running = true
      await work().catch(() => undefined)
      running = false
    }
    if (!over && document.visibilityState === 'visible') timer = setTimeout(turn, everyMs)
  }
  const wake = (): void => void turn()

  listeners.add(wake)
  document.addEventListener('visibilitychange', wake)
  wake()
  return () => {
    over = true
    clearTimeout(timer)
    listeners.delete(wake)
    document.removeEventListener('visibilitychange', wake)
  }
}
