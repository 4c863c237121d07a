/// <reference lib="webworker" />
import { askParts } from '../../api/client'
import { enrol } from '../device/enrol'
import { nextDue } from '../outbox/machine'
import { drain, hurryItems } from '../outbox/sender'
import { allItems } from '../outbox/store'
import { session } from '../../api/tokens'

// Keeps the page itself, so that it opens without network, and nothing that the API answers.

declare const self: ServiceWorkerGlobalScope
interface SyncEvent extends ExtendableEvent {
  tag: string
}

const CACHE = `hadir-phone-${__SHELL_ID__}`
const PAGE = '/phone'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__SHELL__)))
})

// A new worker waits until the old one's pages are closed, or until somebody asks for it; so whoever is open at
// its start has nothing of an older one, and may be served by it at once.
self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { pathname, origin } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(kept(PAGE, request))
  else if (__SHELL__.includes(pathname)) event.respondWith(kept(pathname, request))
})

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent
  if (sync.tag === 'outbox') sync.waitUntil(sendAll())
})

async function kept(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request)
}

async function forgetOld(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('hadir-phone-') && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** Fails while something still waits, so that the browser comes back later. */
async function sendAll(): Promise<void> {
  await hurryItems()
  await drain({ upload: askParts, enrol })
  const kept = await session()
  if (kept && !kept.over && nextDue(await allItems(), kept.person.id) !== undefined)
    throw new Error('not all sent')
}
