/** Each way to a case is noted once, however often it is drawn anew. */
let noted = 0

/**
 * Notes, as the measure `case-shown`, how long it took from an event to the frame in which a case was drawn. Times are
 * those of `performance.now()` and of events.
 */
export function whenPainted(id: string, since: number): void {
  if (since === noted) return
  noted = since
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    // The message comes after the frame that was being made.
    port1.onmessage = () =>
      performance.measure('case-shown', { start: since, end: performance.now(), detail: id })
    port2.postMessage(undefined)
  })
}
