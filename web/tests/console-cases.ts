import type { Attempt, CaseView, ReviewSummary } from '../src/console/api/reviews'

/** A case as the queue tells it; only what a test is about is given. */
export const summary = (id: string, given: Partial<ReviewSummary> = {}): ReviewSummary => ({
  id,
  version: 1,
  person: { id: `person-${id}`, nip: '199001012015011001', name: `Pegawai ${id}` },
  unit: { code: 'UMUM', name: 'Subbagian Umum' },
  work_date: '2026-11-20',
  slot: 'morning',
  state: 'open',
  urgency: 'normal',
  opened_at: '2026-11-20T00:10:00Z',
  due_at: '2026-11-22T00:10:00Z',
  overdue: false,
  escalated: false,
  attempts: 1,
  ...given,
})

export const attempt = (id: string, given: Partial<Attempt> = {}): Attempt => ({
  id,
  number: `P-${id}`,
  slot: 'morning',
  work_date: '2026-11-20',
  attempt: 1,
  received_at: '2026-11-20T00:10:00Z',
  timing: 'on_time',
  assurance: 'device_key',
  photo_source: 'camera',
  photo_sha256: '00',
  photo_url: `/api/v1/checkins/${id}/photo`,
  rules_version: '1',
  verdict: 'flagged',
  findings: [],
  reviews: [],
  in_case: true,
  seen: false,
  ...given,
})

/** The whole case, with one flagged check-in and one accepted before it. */
export const caseView = (id: string, given: Partial<CaseView> = {}): CaseView => ({
  ...summary(id),
  reasons: [],
  suggested_reason: 'device_imprecise',
  checkins: [attempt(`${id}-1`)],
  answers: [],
  incidents: [],
  duty: { kind: 'working', words: { id: 'Hari kerja.', en: 'A day of work.' } },
  last_accepted: { photo_url: '', checkin_id: `${id}-last`, work_date: '2026-11-19', slot: 'evening' },
  strip: [],
  blind: false,
  history: [],
  ...given,
})
