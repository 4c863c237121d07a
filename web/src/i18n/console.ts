import type { Sources } from './index.svelte'

/** What the console says, one dictionary a subject and language. */
export const consoleWords = {
  common: { id: () => import('./id/common'), en: () => import('./en/common') },
  session: { id: () => import('./id/session'), en: () => import('./en/session') },
  console: { id: () => import('./id/console'), en: () => import('./en/console') },
  queue: { id: () => import('./id/queue'), en: () => import('./en/queue') },
  review: { id: () => import('./id/review'), en: () => import('./en/review') },
  group: { id: () => import('./id/group'), en: () => import('./en/group') },
  agreement: { id: () => import('./id/agreement'), en: () => import('./en/agreement') },
  forms: { id: () => import('./id/forms'), en: () => import('./en/forms') },
  board: { id: () => import('./id/board'), en: () => import('./en/board') },
  requests: { id: () => import('./id/requests'), en: () => import('./en/requests') },
  changes: { id: () => import('./id/changes'), en: () => import('./en/changes') },
  people: { id: () => import('./id/people'), en: () => import('./en/people') },
  admin: { id: () => import('./id/admin'), en: () => import('./en/admin') },
} satisfies Sources
