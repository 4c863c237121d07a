const CIVIL = /^\d{4}-\d{2}-\d{2}$/

/** What an address asks for: `#/today/DISKOMINFO/2026-11-20`; a date that is none is left out. */
export function asked([code, date]: readonly string[]): { code?: string; date?: string } {
  const day = date && CIVIL.test(date) && !Number.isNaN(Date.parse(date)) ? date : undefined
  return { ...(code && { code }), ...(day && { date: day }) }
}

export const addressOf = (code: string, date?: string): string =>
  `/today/${encodeURIComponent(code)}${date ? `/${date}` : ''}`
