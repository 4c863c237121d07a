import { uploadParts } from '../../api/upload'
import { session } from '../../api/tokens'
import { enrol } from '../device/enrol'
import type { Item } from './item'
import { nextDue } from './machine'
import { drain, hurryItems, type Means } from './sender'
import { allItems, changeItem, hear, putItem, removeItem, type News } from './store'

const KEEP_MS = 7 * 86_400_000
const BUSY_MS = 5000

let items = $state.raw<Item[]>([])
let sending = $state<string>()
let share = $state(0)
let timer = 0

/** Everything on this phone, of whoever; screens show only what is the signed-in person's. */
export const outbox = (): Item[] => items
export const sendingNow = (): string | undefined => sending
export const sentShare = (): number => share
export const unsentOf = (person: string): Item[] =>
  items.filter((item) => item.person === person && item.state === 'waiting')

const means: Means = { upload: uploadParts, enrol }

/** Reads what is kept, and from then on sends whenever there may be a chance. */
export async function startOutbox(): Promise<void> {
  hear(learn)
  await prune()
  await refresh()
  addEventListener('online', () => void hurry())
  addEventListener('focus', () => void hurry())
  document.addEventListener('visibilitychange', () => document.hidden || void hurry())
  await hurry()
}

/** Stores a check-in before anything else happens to it. */
export async function enqueue(item: Item): Promise<void> {
  await putItem(item)
  void navigator.storage?.persist?.().catch(() => false)
  void askForSync()
  await refresh()
}

/** Takes an unsent photo back. */
export async function takeBack(id: string): Promise<void> {
  await removeItem(id)
  await refresh()
}

export async function change(id: string, by: (item: Item) => Item): Promise<void> {
  await changeItem(id, by)
  await refresh()
}

/** Sends what waits for the network without waiting longer. */
export async function hurry(): Promise<void> {
  await hurryItems()
  await sendDue()
}

async function sendDue(): Promise<void> {
  try {
    await drain(means)
  } finally {
    // Also when the phone was too full to note what came of it: then it is tried again.
    sending = undefined
    await refresh()
  }
}

async function refresh(): Promise<void> {
  items = await allItems()
  await plan()
}

/** One timer for the earliest item; when another tab is at it, look again soon. */
async function plan(): Promise<void> {
  clearTimeout(timer)
  const kept = await session()
  const next = kept && !kept.over ? nextDue(items, kept.person.id) : undefined
  if (next === undefined) return
  const wait = next <= Date.now() ? BUSY_MS : next - Date.now()
  timer = window.setTimeout(() => void sendDue(), Math.min(wait, 2 ** 31 - 1))
}

function learn(news: News): void {
  if ('changed' in news) return void refresh()
  sending = news.sending
  share = news.share
}

async function prune(): Promise<void> {
  const before = Date.now() - KEEP_MS
  for (const item of await allItems()) {
    if (item.state === 'received' && Date.parse(item.captured_at) < before) await removeItem(item.id)
  }
}

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register: (tag: string) => Promise<void> }
}

/** Where the browser can, the service worker sends even after the page is closed. */
async function askForSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration('/phone')) as
    SyncRegistration | undefined
  await registration?.sync?.register('outbox').catch(() => undefined)
}
