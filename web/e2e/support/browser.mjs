// What must not happen in any page of a test.

/** Notes what must not happen in any page of a browser: errors, broken policies, requests to anybody else. */
export async function hear(context, server, complaints) {
  await context.exposeBinding('e2eComplain', (_, text) => void complaints.push(text))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.e2eComplain?.(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== server.url && protocol.startsWith('http'))
      complaints.push(`asked elsewhere: ${request.url()}`)
  })
  context.on('weberror', (error) => complaints.push(`error: ${String(error.error()).slice(0, 300)}`))
  context.on('console', (message) => {
    const text = message.text().slice(0, 300)
    if (message.type() === 'error' && !/Failed to load resource/.test(text))
      complaints.push(`console: ${text}`)
  })
}
