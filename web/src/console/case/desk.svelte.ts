import { asProblem } from '../../api/problem'
import { lang, t } from '../../i18n/index.svelte'
import { shortDate } from '../../i18n/time'
import { go, note } from '../../nav/router.svelte'
import * as api from '../api/reviews'
import type { Ask, CaseView, Decide, ReviewSummary } from '../api/reviews'
import { serverNowExact } from '../app/clock.svelte'
import { announce } from '../app/status.svelte'
import { following, nearsEnd, preceding, putBack, refreshed, upcoming } from '../queue/line'
import {
  heardOf,
  holder,
  outdate,
  queueFilters,
  queueLine,
  readLine,
  readMore,
  setLine,
  takeOut,
} from '../queue/queue.svelte'
import type { Act, Deed } from './deed'
import { loadPicture, type Picture } from './picture'
import { Pipeline, type Job } from './pipeline'
import { flagged, Shelf, type Bundle } from './shelf'

// The one case that lies on the desk: taken, shown, decided, given back. What comes next is fetched meanwhile.

/** How many cases are fetched ahead. */
const AHEAD = 2
/** Below this age a claim needs no renewing. */
const FRESH_MS = 20_000
/** For how long a decision can be taken back while the server has not said it. */
const UNDO_MS = 60_000

export type Hold =
  { kind: 'none' | 'taking' | 'mine' } | { kind: 'held'; by: string } | { kind: 'failed'; problem: unknown }

/** The last deed, as long as it can be taken back. */
export interface Last {
  job: Job
  item: ReviewSummary
  /** What came after it in the queue. */
  before: string | undefined
}
/** A deed that was not done, and whose case it was. */
export interface Trouble {
  job: Job
  item: ReviewSummary
}

let current = $state<string>()
let hold = $state.raw<Hold>({ kind: 'none' })
let tick = $state(0)
let last = $state.raw<Last>()
let lastUntil = 0
let troubles = $state.raw<readonly Trouble[]>([])
let unsent = $state(0)
let undoing = $state(false)
let changed = $state(false)
let passed = $state('')
/** When the key was pressed that led to the case in sight. */
let asked = 0
let heldAt = 0
let auto = false
const skipped = new Set<string>()
/** Whose case each deed was about. */
const whose = new Map<number, Omit<Last, 'job'>>()

const shelf = new Shelf<Picture>(
  { view: api.readCase, photo: loadPicture, drop: (picture) => picture.drop() },
  () => (tick += 1),
)
const pipeline = new Pipeline(
  {
    claim: api.claimCase,
    release: api.releaseCase,
    read: api.readCase,
    send: ({ id, act }) => {
      const { kind: _, ...body } = act
      return act.kind === 'ask' ? api.askPerson(id, body as Ask) : api.decideCase(id, body as Decide)
    },
    undo: api.undoCase,
    look: async (id, checkin) => {
      const view = shelf.get(id)?.view ?? (await api.readCase(id))
      const unseen = typeof checkin === 'string' ? [checkin] : flagged(view)
      await Promise.all(unseen.map((one) => api.checkinPhoto(one, 1280)))
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
  settled,
)

export const deskCase = (): string | undefined => current
export const deskHold = (): Hold => hold
export const deskBundle = (): Bundle<Picture> | undefined => (void tick, shelf.get(current))
/** Whether all photos are there that have to be seen. */
export const deskSeen = (): boolean => (void tick, current !== undefined && shelf.seen(current))
export const deskLast = (): Last | undefined => last
export const deskTroubles = (): readonly Trouble[] => troubles
/** How many deeds the server has not confirmed yet. */
export const deskUnsent = (): number => unsent
export const deskUndoing = (): boolean => undoing
/** Something came to the case after it was opened. */
export const deskChanged = (): boolean => changed
/** Which case was passed over, and why; until something else is done. */
export const deskPassed = (): string => passed
export const askedAt = (): number => asked

/**
 * Puts a case on the desk and takes it. `at`: when it was asked for. `onward`: it came by itself, so it goes by itself
 * when somebody has it.
 */
export function open(id: string, at = performance.now(), onward = false): void {
  if (current === id) return
  asked = at
  leave()
  current = id
  auto = onward
  changed = false
  skipped.delete(id)
  stock()
  const held = holder(id)
  if (held) hold = { kind: 'held', by: held }
  else void take(id)
  if (!queueLine().items.length) void readLine().then(stock)
}

/** Gives the case back, unless what was done to it has ended that already. */
export function leave(): void {
  if (current === undefined) return
  const id = current
  if ((hold.kind === 'mine' || hold.kind === 'taking') && !submitted(id)) void pipeline.release(id)
  current = undefined
  hold = { kind: 'none' }
}

/** Leaves the desk: nothing of a case stays in memory but what may be taken back. */
export function clear(): void {
  leave()
  skipped.clear()
  shelf.keep([])
}

/** The page goes away, maybe for good. */
export function giveBackNow(): void {
  if (current === undefined || hold.kind !== 'mine') return
  void api.releaseCase(current, true).catch(() => undefined)
  heldAt = 0
}

export const next = (at: number): void => step(following, at)
export const previous = (at: number): void => step(preceding, at)

/** Puts the case aside until the others were looked at. */
export function skip(at: number): void {
  if (current !== undefined) skipped.add(current)
  onward(at)
}

/** Does something to the case, and shows the next one at once. */
export function act(deed: Act, at: number): void {
  passed = ''
  const item = summary()
  const id = current
  if (!item || id === undefined) return
  const before = queueLine().items[queueLine().items.findIndex((one) => one.id === id) + 1]?.id
  const job = pipeline.submit({ id, act: deed } satisfies Deed)
  whose.set(job.key, { item, before })
  unsent = pipeline.unsent
  last = deed.kind === 'decide' ? { job, item, before } : undefined
  lastUntil = serverNowExact() + UNDO_MS
  if (last) setTimeout(forgetLast, UNDO_MS + 500)
  onward(at, doneWords(deed, item))
  takeOut(id)
}

/** Takes the last decision back and shows its case again. */
export async function undo(): Promise<void> {
  const taken = last
  if (!taken || undoing) return
  undoing = true
  try {
    const view = await pipeline.undo(taken.job.key)
    last = undefined
    setLine(putBack(queueLine(), view ?? taken.item, taken.before))
    announce(t('review.undone', { name: taken.item.person.name }))
    show(taken.item.id)
  } catch (problem) {
    troubles = [...troubles, { job: { ...taken.job, problem: asProblem(problem) }, item: taken.item }]
    last = undefined
  } finally {
    undoing = false
  }
}

/** Keeps the claim alive, and hears on the way whether anything came to the case. */
export async function renew(): Promise<void> {
  const id = current
  if (id === undefined || submitted(id)) return
  if (hold.kind === 'held' && !holder(id)) return take(id)
  if (hold.kind !== 'mine' || Date.now() - heldAt < FRESH_MS) return
  await taken(id, () => api.claimCase(id))
}

export function retry(): void {
  if (current === undefined) return
  shelf.again(current)
  if (hold.kind === 'failed') void take(current)
}

/** Loads a photo of the case that need not be seen. */
export const wantPhoto = (checkin: string): void => {
  if (current !== undefined) void shelf.want(current, checkin)
}

export function sendAgain({ job }: Trouble): void {
  dismiss(job.key)
  pipeline.again(job.key)
}

export const dismiss = (key: number): void => {
  troubles = troubles.filter(({ job }) => job.key !== key)
}

/** Goes to a case by hand. */
export function show(id: string): void {
  note(`/case/${id}`)
  open(id)
}

/** A case with what is known of it from the queue or from itself. */
const summary = (): ReviewSummary | undefined =>
  shelf.get(current)?.view ?? queueLine().items.find(({ id }) => id === current)

function step(way: typeof following, at: number): void {
  passed = ''
  const found = way(queueLine(), current, passes)
  if (found) bring(found.id, at, false)
  else announce(t('review.noOther'))
}

function onward(at: number, told = ''): void {
  const found = following(queueLine(), current, comes)
  const left = current
  if (found) {
    bring(found.id, at, true, told)
  } else if (queueLine().next) {
    void readMore().then(() => current === left && onward(at, told))
  } else {
    announce(`${told} ${t('review.allDone')}`.trim())
    // Others may have done what is still in the list.
    outdate()
    go('/queue')
  }
}

function bring(id: string, at: number, byItself: boolean, told = ''): void {
  note(`/case/${id}`)
  open(id, at, byItself)
  const item = summary()
  if (item) announce(`${told} ${t('review.nowAt', names(item))}`.trim())
}

/** What comes by itself: what was put aside waits until somebody goes back to it. */
const comes = (item: ReviewSummary): boolean => passes(item) && !skipped.has(item.id)

/** What can be gone to: not with somebody else, not done already. */
function passes(item: ReviewSummary): boolean {
  if (item.id === current || holder(item.id) || submitted(item.id)) return false
  return item.state !== 'decided' || queueFilters().state === 'decided'
}

/** Keeps the case, those that come next and the one that may be taken back; reads on when the end is near. */
function stock(): void {
  if (current === undefined) return
  const ahead = upcoming(queueLine(), current, AHEAD, comes).map(({ id }) => id)
  shelf.keep([current, ...ahead, ...(last ? [last.item.id] : [])])
  if (nearsEnd(queueLine(), current)) void readMore().then(() => undefined)
}

async function take(id: string): Promise<void> {
  const known = summary()
  if (known?.state === 'decided') return auto ? overtaken(known) : undefined
  hold = { kind: 'taking' }
  await taken(id, () => pipeline.claim(id, () => current === id))
}

async function taken(id: string, claim: () => Promise<CaseView | undefined>): Promise<void> {
  try {
    const view = await claim()
    // What was done to it counts until it came back newer, like a question with its answer.
    if (!view || current !== id || pipeline.standing(id, view.version)) return
    const known = shelf.get(id)?.view
    changed ||= known !== undefined && known.version !== view.version
    shelf.put(view)
    setLine(refreshed(queueLine(), view))
    hold = { kind: 'mine' }
    heldAt = Date.now()
  } catch (thrown) {
    if (current === id) refused(id, thrown)
  }
}

/** What came by itself and was decided by somebody meanwhile goes by itself, too. */
function overtaken(item: ReviewSummary): void {
  if (queueFilters().state === 'decided') return
  const decided = shelf.get(item.id)?.view?.history.filter(({ kind }) => kind === 'decided')
  passed = t('review.decidedBy', {
    name: item.person.name,
    by: decided?.at(-1)?.actor ?? '',
    decision: decisionWords(item.ruling?.decision),
  })
  takeOut(item.id)
  onward(asked, passed)
}

/** Somebody was faster, or the case is not there any more. */
function refused(id: string, thrown: unknown): void {
  const problem = asProblem(thrown)
  const by = String(problem.said['by'] ?? '')
  const name = summary()?.person.name ?? ''
  if (problem.code === 'review-held') {
    const until = String(problem.said['until'] ?? new Date(serverNowExact() + FRESH_MS).toISOString())
    heardOf(id, { mine: false, by, expires_at: until })
    hold = { kind: 'held', by }
    passed = auto ? t('review.heldPassed', { name, by }) : ''
  } else if (problem.code === 'review-decided') {
    takeOut(id)
    hold = { kind: 'none' }
    void api.readCase(id).then(
      (view) => shelf.put(view),
      () => undefined,
    )
    passed = t('review.decidedBy', { name, by, decision: decisionWords(problem.said['decision']) })
  } else {
    hold = { kind: 'failed', problem }
    return
  }
  if (auto) onward(asked, passed)
  else announce(passed)
}

function settled(job: Job): void {
  unsent = pipeline.unsent
  if (last?.job.key === job.key) last = { ...last, job }
  const known = whose.get(job.key)
  if (job.stage === 'done') {
    if (job.view?.undo_until) lastUntil = Date.parse(job.view.undo_until)
    heardOf(job.deed.id, null)
  }
  if (job.stage === 'failed' && known) failed({ job, item: known.item }, known.before)
}

/** What was not done is never shown as done: it comes back with its reason. */
function failed(trouble: Trouble, before: string | undefined): void {
  const { job, item } = trouble
  if (last?.job.key === job.key) last = undefined
  troubles = [...troubles, trouble]
  if (job.problem?.code !== 'review-decided' && current !== item.id)
    setLine(putBack(queueLine(), item, before))
}

/** Whether something is being done to a case, or was done to it as it is known here. */
function submitted(id: string): boolean {
  const known = queueLine().items.find((item) => item.id === id) ?? shelf.get(id)?.view
  return pipeline.standing(id, known?.version ?? 0)
}

function forgetLast(): void {
  if (last && serverNowExact() >= lastUntil) last = undefined
}

export const names = (item: ReviewSummary): { name: string; slot: string; date: string } => ({
  name: item.person.name,
  slot: t(`slot.${item.slot}`),
  date: shortDate(item.work_date, lang()),
})

const doneWords = (deed: Act, item: ReviewSummary): string =>
  t(deed.kind === 'ask' ? 'review.done.ask' : `review.done.${deed.decision}`, { name: item.person.name })

/** `accept` or `reject` as a word. */
export const decisionWords = (decision: unknown): string =>
  decision === 'accept' || decision === 'reject' ? t(`review.is.${decision}`) : ''
