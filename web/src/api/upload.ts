import { tokenOrSignOut } from './client'
import { multipart, type Part } from './multipart'
import { offline, problemOf } from './problem'

const IDLE_MS = 45_000

export type Progress = (share: number) => void

/** Sends parts with the token and reports how far it is; gives up when nothing moved for 45 s. */
export async function uploadParts<T>(path: string, parts: Part[], onProgress?: Progress): Promise<T> {
  const { type, body } = multipart(parts)
  const token = await tokenOrSignOut()
  const first = await post(path, type, body, token, onProgress)
  const last =
    first.status === 401 ? await post(path, type, body, await tokenOrSignOut(token), onProgress) : first
  if (last.status < 300) return JSON.parse(last.responseText) as T
  throw problemOf(last.status, last.responseText, last.getResponseHeader('retry-after'))
}

function post(
  path: string,
  type: string,
  body: Blob,
  token: string,
  onProgress?: Progress,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const fail = (why: string) => () => reject(offline(why))
    let idle = 0
    const moved = (): void => {
      clearTimeout(idle)
      idle = setTimeout(() => xhr.abort(), IDLE_MS) as unknown as number
    }
    xhr.upload.onprogress = (event) => {
      moved()
      onProgress?.(event.loaded / event.total)
    }
    xhr.onprogress = moved
    xhr.onload = () => resolve(xhr)
    xhr.onerror = fail('network')
    xhr.onabort = fail('stalled')
    xhr.onloadend = () => clearTimeout(idle)
    xhr.open('POST', path)
    xhr.setRequestHeader('authorization', `Bearer ${token}`)
    xhr.setRequestHeader('content-type', type)
    xhr.send(body)
    moved()
  })
}
