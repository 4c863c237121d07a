// What others do meanwhile: supervisors and the same person elsewhere, over HTTP and past the proxy.

import { PASSWORD } from './city.mjs'

/** Signs somebody in; gives `get`, `post` and `remove`, which throw on any refusal. */
export async function signedIn(server, { nip }) {
  const call = async (method, path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const answer = await fetch(server.direct + path, { method, headers, body: body && JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text && JSON.parse(text)
  }
  const { access_token: token } = await call('POST', '/api/v1/session', { nip, password: PASSWORD })
  return {
    token,
    get: (path) => call('GET', path, undefined, token),
    post: (path, body = {}) => call('POST', path, body, token),
    remove: (path) => call('DELETE', path, undefined, token),
    open: async (path) => {
      const answer = await fetch(server.direct + path, { headers: { authorization: `Bearer ${token}` } })
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`)
      await answer.arrayBuffer()
    },
  }
}

/** The oldest case that waits for this supervisor. */
export async function nextCase(desk) {
  const { items } = await desk.get('/api/v1/reviews')
  if (!items.length) throw new Error('no case waits')
  return items[0].id
}

export async function ask(desk, review, text) {
  await desk.post(`/api/v1/reviews/${review}/claim`)
  return desk.post(`/api/v1/reviews/${review}/question`, { text })
}

export async function decide(desk, review, decision, reason_code) {
  const { checkins } = await desk.post(`/api/v1/reviews/${review}/claim`)
  // Nobody decides about a photo that they have not opened.
  for (const attempt of checkins.filter((one) => one.in_case)) {
    await desk.open(`${attempt.photo_url}?side=320`)
  }
  return desk.post(`/api/v1/reviews/${review}/decision`, { decision, reason_code })
}

/** What the server has of a person's check-ins. */
export const checkinsOf = async (server, who) =>
  (await (await signedIn(server, who)).get('/api/v1/me/checkins')).items

/** The place request that waits for this supervisor is approved. */
export async function approvePlace(desk) {
  const { items } = await desk.get('/api/v1/place-requests')
  if (items.length !== 1) throw new Error(`${items.length} place requests wait`)
  return desk.post(`/api/v1/place-requests/${items[0].id}/decision`, {
    decision: 'approve',
    note: 'Sesuai alamat.',
  })
}

/** Looks at a check-in's photo and map as a supervisor does. */
export async function lookAt(server, who, checkin) {
  const { token } = await signedIn(server, who)
  for (const what of ['photo?side=320', 'map']) {
    const answer = await fetch(`${server.direct}/api/v1/checkins/${checkin}/${what}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`)
    await answer.arrayBuffer()
  }
}
