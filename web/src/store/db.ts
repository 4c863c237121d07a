import type { DeviceKey } from '../phone/device/key'
import type { Item } from '../phone/outbox/item'

/** What is kept on the phone: small values by name, check-ins by id, keys by person. */
interface Stores {
  values: unknown
  outbox: Item
  keys: DeviceKey
}
type Name = keyof Stores

let opened: Promise<IDBDatabase> | undefined

/** The one database of the page and its service worker. */
function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('hadir', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('values')
      request.result.createObjectStore('outbox', { keyPath: 'id' })
      request.result.createObjectStore('keys', { keyPath: 'person' })
    }
    request.onsuccess = () => {
      request.result.onclose = () => (opened = undefined)
      resolve(request.result)
    }
    request.onerror = () => {
      opened = undefined
      reject(request.error)
    }
  })
  return opened
}

/** Runs one transaction; it is over, and on disk, when the promise is. */
async function run<N extends Name, T>(
  name: N,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T> | void,
): Promise<T> {
  const transaction = (await database()).transaction(name, mode, { durability: 'strict' })
  return new Promise((resolve, reject) => {
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request?.result as T)
    transaction.onabort = () => reject(transaction.error ?? request?.error)
  })
}

export const readOne = <N extends Name>(name: N, key: string): Promise<Stores[N] | undefined> =>
  run(name, 'readonly', (store) => store.get(key) as IDBRequest<Stores[N] | undefined>)

export const readAll = <N extends Name>(name: N): Promise<Stores[N][]> =>
  run(name, 'readonly', (store) => store.getAll() as IDBRequest<Stores[N][]>)

export const write = async <N extends Name>(name: N, value: Stores[N], key?: string): Promise<void> => {
  await run(name, 'readwrite', (store) => store.put(value, key))
}

export const erase = async (name: Name, key: string): Promise<void> => {
  await run(name, 'readwrite', (store) => store.delete(key))
}

/** Reads and writes in one transaction; nothing happens when there is nothing under the key. */
export const alter = <N extends Name>(
  name: N,
  key: string,
  change: (value: Stores[N]) => Stores[N],
): Promise<void> =>
  run(name, 'readwrite', (store) => {
    const reading = store.get(key) as IDBRequest<Stores[N] | undefined>
    reading.onsuccess = () => void (reading.result && store.put(change(reading.result)))
  })

/** Small values by name; the caller knows their type. */
export const load = async <T>(name: string): Promise<T | undefined> =>
  (await readOne('values', name)) as T | undefined
export const save = (name: string, value: unknown): Promise<void> => write('values', value, name)
export const forget = (name: string): Promise<void> => erase('values', name)
