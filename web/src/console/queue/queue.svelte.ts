import * as api from '../api/reviews'
import type { Claim, Counts, Filters, ReviewSummary } from '../api/reviews'
import { serverNowExact } from '../app/clock.svelte'
import { append, EMPTY, heldBy, without, type Line } from './line'

// The queue as it is shown, kept while somebody looks at a case and comes back.

const KEPT = 'queue-filters'
const FRESH_MS = 30_000
export const ALL_MINE: Filters = { state: 'open', scope: 'mine' }

let filters = $state.raw<Filters>(keptFilters())
let line = $state.raw<Line>(EMPTY)
let counts = $state.raw<Counts>()
let claims = $state.raw<ReadonlyMap<string, Claim>>(new Map())
let loading = $state(false)
let error = $state.raw<unknown>()
let readAt = 0
let turn = 0

export const queueFilters = (): Filters => filters
export const queueLine = (): Line => line
export const queueCounts = (): Counts | undefined => counts
export const queueLoading = (): boolean => loading
export const queueError = (): unknown => error

/** Who else has a case open, as far as the last look at the claims knows. */
export const holder = (id: string): string | undefined => heldBy(claims.get(id), serverNowExact())

export const setLine = (next: Line): void => void (line = next)
export const takeOut = (id: string): void => setLine(without(line, id))

export function setFilters(change: Partial<Filters>): void {
  filters = { ...filters, ...change }
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(filters))
  } catch {
    // Without room the choice lasts as long as the page.
  }
  void readLine()
  if (change.scope) void readCounts()
}

/** The list is read the next time it is shown, however new it is. */
export const outdate = (): void => void (readAt = 0)

/** Reads the list when it is not there or old. */
export function refreshQueue(): void {
  if (!loading && Date.now() - readAt > FRESH_MS) void readLine()
}

/** Reads the queue from its start; what was shown stays until then. */
export async function readLine(): Promise<void> {
  const mine = ++turn
  loading = true
  error = undefined
  try {
    const page = await api.listReviews(filters)
    if (mine !== turn) return
    readAt = Date.now()
    line = append(EMPTY, page)
    heard(page.items)
  } catch (thrown) {
    if (mine === turn) error = thrown
  } finally {
    if (mine === turn) loading = false
  }
}

/** Reads the next page, once. */
export async function readMore(): Promise<void> {
  if (loading || !line.next) return
  const mine = ++turn
  loading = true
  try {
    const page = await api.listReviews(filters, line.next)
    if (mine !== turn) return
    line = append(line, page)
    heard(page.items)
  } catch (thrown) {
    if (mine === turn) error = thrown
  } finally {
    if (mine === turn) loading = false
  }
}

export async function readCounts(): Promise<void> {
  const { scope } = filters
  const read = await api.countReviews(scope).catch(() => undefined)
  if (read && scope === filters.scope) counts = read
}

/** What is held at this moment, for all cases in sight. */
export async function readClaims(): Promise<void> {
  const { claims: held } = await api.listClaims()
  claims = new Map(held.map((claim) => [claim.review_id, claim]))
}

/** What one request said of a single case. */
export function heardOf(id: string, claim: Claim | null | undefined): void {
  const next = new Map(claims)
  if (claim) next.set(id, claim)
  else next.delete(id)
  claims = next
}

function heard(items: readonly ReviewSummary[]): void {
  const next = new Map(claims)
  for (const { id, claim } of items) if (claim) next.set(id, claim)
  claims = next
}

function keptFilters(): Filters {
  try {
    return { ...ALL_MINE, ...(JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as Partial<Filters>) }
  } catch {
    return ALL_MINE
  }
}
