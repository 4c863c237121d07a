import type { Schemas } from '../../api/client'
import { asProblem } from '../../api/problem'

export type Checkin = Schemas['CheckinView']
export type Case = Schemas['MyCase']

/** How a check-in stands for its person: a person's word counts more than the rules'. */
export type Standing = 'accepted' | 'examining' | 'flagged' | 'ruledAccept' | 'ruledReject'

export function standing({ verdict, reviews }: Pick<Checkin, 'verdict' | 'reviews'>): Standing {
  const ruled = reviews.filter((review) => review.state === 'decided' && review.decision)
  const last = ruled.sort((a, b) => (a.decided_at ?? '').localeCompare(b.decided_at ?? '')).at(-1)
  if (last) return last.decision === 'accept' ? 'ruledAccept' : 'ruledReject'
  return verdict
}

export const toneOf = {
  accepted: 'good',
  examining: 'info',
  flagged: 'warn',
  ruledAccept: 'good',
  ruledReject: 'bad',
} as const

/** A case as its person should read it; an answered question waits for the supervisor, not for the person. */
export type CaseStanding = 'open' | 'asked' | 'answered' | 'accept' | 'reject' | 'appealed'

export function caseStanding(of: Pick<Case, 'state' | 'answers' | 'ruling'>): CaseStanding {
  if (of.state === 'decided' && of.ruling) return of.ruling.decision
  if (of.state === 'appealed' || of.state === 'asked') return of.state
  return of.answers.length ? 'answered' : 'open'
}

/** What is not there will not be there a moment later. */
export const canRetry = (error: unknown): boolean => asProblem(error).status !== 404
