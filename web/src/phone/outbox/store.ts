import { alter, erase, readAll, write } from '../../store/db'
import type { Item } from './item'

/** What tabs and the service worker tell each other. */
export type News = { changed: true } | { sending: string | undefined; share: number }

const channel = (): BroadcastChannel => new BroadcastChannel('hadir-outbox')
const speaker = channel()

export const tell = (news: News): void => speaker.postMessage(news)
export const hear = (then: (news: News) => void): void => {
  channel().onmessage = (event: MessageEvent<News>) => then(event.data)
}

export const allItems = (): Promise<Item[]> => readAll('outbox')

export async function putItem(item: Item): Promise<void> {
  await write('outbox', item)
  tell({ changed: true })
}

export async function removeItem(id: string): Promise<void> {
  await erase('outbox', id)
  tell({ changed: true })
}

/** Changes an item in one transaction; nothing happens when it is gone meanwhile. */
export async function changeItem(id: string, change: (item: Item) => Item): Promise<void> {
  await alter('outbox', id, change)
  tell({ changed: true })
}
