import type { Schemas } from '../../api/client'
import { del, get, post } from './client'
import type { Page } from './types'

// What two people change: one proposes, another one approves.

export const KINDS = ['role', 'role_end', 'schedule', 'incident', 'policy', 'delegation'] as const
export type Kind = Schemas['ChangeKind']
export const STATES = ['pending', 'approved', 'refused', 'withdrawn'] as const
export type State = Schemas['ChangeState']

/** As proposed; which members there are depends on the kind. */
export type Payload = Record<string, string | number | null | undefined>
export type Change = Omit<Schemas['ChangeView'], 'payload' | 'before'> & {
  payload: Payload
  before?: Payload | null
}
/** Whom an outage excuses, as things stand now. */
export type OutageEffect = Schemas['EffectView']
export type Outage = Schemas['NewOutage']
export type Proposal = Schemas['NewChange']

export const changes = (
  state: State | undefined,
  kind: Kind | undefined,
  after?: string | null,
): Promise<Page<Change>> => get('/changes', { state, kind, after, limit: 30 })
export const change = (id: string): Promise<Change> => get(`/changes/${encodeURIComponent(id)}`)
export const propose = (proposal: Proposal): Promise<Change> => post('/changes', proposal)
export const decideChange = (
  id: string,
  decision: Schemas['ChangeDecision'],
  note: string | null,
): Promise<Change> =>
  post(`/changes/${encodeURIComponent(id)}/decision`, {
    decision,
    note,
  } satisfies Schemas['NewChangeDecision'])
export const withdraw = (id: string): Promise<Change> => del(`/changes/${encodeURIComponent(id)}`)

/** Somebody acts, acted or will act for a supervisor; what waits for approval stands among the changes. */
export type Delegation = Schemas['DelegationView']

/** Those whoever asks gave or holds. */
export const delegations = async (): Promise<Delegation[]> =>
  (await get<Schemas['Delegations']>('/delegations')).delegations
export const delegate = (delegation: Schemas['NewDelegation']): Promise<Change> =>
  post('/delegations', delegation)
/** Today is its last day. */
export const endDelegation = (id: string): Promise<void> => del(`/delegations/${encodeURIComponent(id)}`)

export const previewOutage = (outage: Outage): Promise<OutageEffect> => post('/incidents/preview', outage)
