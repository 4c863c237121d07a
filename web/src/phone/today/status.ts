import type { components } from '../../api/schema'
import { civilDate } from '../../i18n/time'
import type { Item, Slot } from '../outbox/item'
import { view, type View } from '../outbox/machine'

type Schemas = components['schemas']
export type Today = Schemas['Today']
export type SlotToday = Schemas['SlotToday']
export type WindowView = Schemas['WindowView']

/** Where a slot stands: what is on the phone first, then what the server has, then the clock. */
export type Standing = View | 'rejected' | 'early' | 'open' | 'late' | 'closed'

/** Whether the day is one without check-ins, such as leave; as far as the server's answer tells. */
const isFree = ({ day, work_date }: Today, date: string): boolean =>
  day.kind !== 'working' && date >= work_date && date <= (day.until ?? work_date)

/** The slots of the day it is now: a kept answer of an earlier day still knows the windows of the next ones. */
export function slotsOf(today: Today, now: number): SlotToday[] {
  const date = civilDate(now, today.time_zone)
  const later = today.upcoming.filter((window) => window.work_date === date).map((window) => ({ window }))
  const slots: SlotToday[] = date === today.work_date ? today.slots : later
  return isFree(today, date) ? slots.filter((slot) => slot.presence) : slots
}

/** A slot that is open on a day without check-ins: a roster may be wrong, and then nobody is kept from checking in. */
export const openAnyway = (today: Today, now: number): Slot | undefined =>
  isFree(today, civilDate(now, today.time_zone))
    ? today.slots
        .filter(({ window, presence }) => isSlot(window.slot) && !presence && byClock(window, now) === 'open')
        .map(({ window }) => window.slot as Slot)[0]
    : undefined

export const itemOf = (items: readonly Item[], slot: string, date: string): Item | undefined =>
  items.filter((item) => item.slot === slot && item.day === date).at(-1)

export function standing(
  { window, presence }: SlotToday,
  item: Item | undefined,
  sending: string | undefined,
  now: number,
): Standing {
  const shown = item && view(item, sending)
  if (shown && !['received', 'examining', 'flagged', 'refused'].includes(shown)) return shown
  if (presence) {
    if (presence.decision === 'reject') return 'rejected'
    return presence.verdict === 'accepted' || presence.decision === 'accept' ? 'received' : presence.verdict
  }
  return shown ?? byClock(window, now)
}

export function byClock(window: WindowView, now: number): 'early' | 'open' | 'late' | 'closed' {
  if (now < Date.parse(window.opens)) return 'early'
  if (now < Date.parse(window.closes)) return 'open'
  return now < Date.parse(window.grace_ends) ? 'late' : 'closed'
}

export type Next =
  | { kind: 'checkin'; slot: Slot }
  | { kind: 'answer' }
  | { kind: 'home' }
  | { kind: 'wait'; window: WindowView }
  | { kind: 'none' }

/** The one thing to do next; a window that is open comes before everything. */
export function nextOf(today: Today, standings: Standing[], now: number, hasHome: boolean): Next {
  const slots = slotsOf(today, now)
  const at = slots.findIndex(
    ({ window }, index) => isSlot(window.slot) && canGo(standings[index], window, now),
  )
  if (at >= 0) return { kind: 'checkin', slot: slots[at]!.window.slot as Slot }
  if (today.cases_waiting > 0) return { kind: 'answer' }
  if (!hasHome) return { kind: 'home' }
  const window = [...slots.map((slot) => slot.window), ...today.upcoming]
    .filter((one) => Date.parse(one.opens) > now && !isFree(today, one.work_date))
    .sort((a, b) => Date.parse(a.opens) - Date.parse(b.opens))[0]
  return window ? { kind: 'wait', window } : { kind: 'none' }
}

const isSlot = (slot: string): boolean => slot === 'morning' || slot === 'evening'

/** Due by the clock, or refused while there is still time for another try. */
function canGo(stands: Standing | undefined, window: WindowView, now: number): boolean {
  if (stands === 'open' || stands === 'late') return true
  return stands === 'refused' && ['open', 'late'].includes(byClock(window, now))
}
