// The network between phone and server. It passes everything on, counts it, and does harm where a test asks for it.

import http from 'node:http'

/**
 * A rule has `match(request)`, and one of: `lose` (the server gets the request, the phone never its answer), `refuse`
 * (nothing gets through), `slow` (bytes of the upload passed on in a second), `hold` (a promise to wait for before
 * anything is passed on), `instead` (a status and a body in place of the server's), `alter(bytes)` (another body of the
 * answer). `times` ends it.
 */
export async function startProxy(target) {
  const rules = []
  const seen = []
  const server = http.createServer((request, response) => {
    const { method, url } = request
    const entry = { method, path: url, status: 0, at: Date.now() }
    seen.push(entry)
    const rule = rules.find((one) => one.times > 0 && one.match(entry))
    if (rule) rule.times -= 1
    pass(target, request, response, entry, rule ?? {}).catch(() => response.destroy())
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    /** What was asked of a path, for instance `count('POST', '/api/v1/presence')`. */
    count: (method, path) =>
      seen.filter((entry) => entry.method === method && entry.path.startsWith(path)).length,
    statuses: (method, path) =>
      seen
        .filter((entry) => entry.method === method && entry.path.startsWith(path))
        .map((entry) => entry.status),
    harm: (rule) => rules.push({ times: Infinity, ...rule }),
    heal: () => rules.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

export const uploads = ({ method, path }) => method === 'POST' && path.startsWith('/api/v1/presence/')

async function pass(target, request, response, entry, rule) {
  if (rule.refuse) return void response.destroy()
  const body = rule.slow ? await readSlowly(request, rule.slow) : await read(request)
  await rule.hold
  if (rule.instead) return replace(response, entry, rule.instead)
  const answer = await forward(target, request, body)
  entry.status = answer.status
  if (rule.lose) return lose(response, answer)
  const bytes = rule.alter ? Buffer.from(rule.alter(answer.bytes)) : answer.bytes
  const headers = { ...answer.headers }
  if (rule.alter) headers['content-length'] = bytes.length
  response.writeHead(answer.status, headers).end(bytes)
}

/** The head goes out, so that the browser does not send the same again by itself; the body never does. */
function lose(response, { status, headers }) {
  response.writeHead(status, { ...headers, 'content-length': 10_000 })
  response.flushHeaders()
  setTimeout(() => response.destroy(), 20)
}

function replace(response, entry, { status, body }) {
  entry.status = status
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body))
}

async function read(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function readSlowly(stream, bytesPerSecond) {
  const chunks = []
  for await (const chunk of stream) {
    chunks.push(chunk)
    await new Promise((resolve) => setTimeout(resolve, (chunk.length / bytesPerSecond) * 1000))
  }
  return Buffer.concat(chunks)
}

function forward(target, request, body) {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = request
    // The answer is asked for whole and uncompressed, so that it can be altered.
    const sent = { ...headers, 'accept-encoding': 'identity', 'content-length': body.length }
    for (const name of ['transfer-encoding', 'if-none-match', 'if-modified-since']) delete sent[name]
    const asked = http.request(target + url, { method, headers: sent }, (answer) => {
      read(answer).then(
        (bytes) => resolve({ status: answer.statusCode, headers: clean(answer.headers), bytes }),
        reject,
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function clean(headers) {
  const kept = { ...headers }
  delete kept['transfer-encoding']
  delete kept.connection
  return kept
}
