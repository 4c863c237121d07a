let waiting = $state.raw<ServiceWorker>()
let asked = false

/** Whether a newer page has been fetched and waits for the next start. */
export const updateReady = (): boolean => waiting !== undefined

/** Only somebody who asks gets the new page at once; else it comes with the next start. */
export function useUpdate(): void {
  asked = true
  waiting?.postMessage('activate')
}

export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return
  navigator.serviceWorker.addEventListener('controllerchange', () => asked && location.reload())
  // Private windows and some settings allow no worker; the page then works as long as there is network.
  const registration = await navigator.serviceWorker
    .register('/sw.js', { scope: '/phone' })
    .catch(() => undefined)
  if (registration) watch(registration)
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    // Without a controller this is the first install, not an update.
    if (navigator.serviceWorker.controller) waiting = registration.waiting ?? undefined
  }
  look()
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', look),
  )
}
