import type { components } from './schema'

export type Words = components['schemas']['Words']
type Body = components['schemas']['ProblemBody']

/** An answer that is not the hoped-for one, or no answer at all (`status` 0, code `offline`). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly action: Words,
    readonly retryAfterS: number | undefined = undefined,
    readonly requestId: string | undefined = undefined,
    /** The whole body: some problems say more, like who holds a case. */
    readonly said: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`)
  }
}

export const offline = (cause: unknown): Problem =>
  new Problem('offline', 0, 'offline', String(cause), {
    id: 'Belum tersambung ke server. Periksa jaringan, lalu coba lagi.',
    en: 'The server cannot be reached. Check the network, then try again.',
  })

/** Reads `application/problem+json`; a proxy's own error page gets plain words of ours. */
export function problemOf(status: number, body: string, retryAfter: string | null): Problem {
  const said = parse(body)
  const seconds = said?.retry_after_s ?? wholeSeconds(retryAfter)
  if (said?.code && said.action) {
    return new Problem(
      said.code,
      status,
      said.title,
      said.detail,
      said.action,
      seconds,
      said.request_id ?? undefined,
      said,
    )
  }
  return new Problem(
    'unexpected',
    status,
    `HTTP ${status}`,
    body.slice(0, 200),
    {
      id: 'Server sedang terganggu. Silakan coba lagi sebentar lagi.',
      en: 'The server is having trouble. Please try again shortly.',
    },
    seconds,
  )
}

export const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : offline(error))

function parse(body: string): Body | undefined {
  try {
    return JSON.parse(body) as Body
  } catch {
    return undefined
  }
}

function wholeSeconds(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}
