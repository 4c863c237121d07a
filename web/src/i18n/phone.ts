import type { Sources } from './index.svelte'

/** What the phone page says, one dictionary a subject and language. */
export const phoneWords = {
  core: { id: () => import('./id/core'), en: () => import('./en/core') },
  home: { id: () => import('./id/home'), en: () => import('./en/home') },
  record: { id: () => import('./id/record'), en: () => import('./en/record') },
  help: { id: () => import('./id/help'), en: () => import('./en/help') },
  lines: { id: () => import('./id/lines'), en: () => import('./en/lines') },
  receipt: { id: () => import('./id/receipt'), en: () => import('./en/receipt') },
  session: { id: () => import('./id/session'), en: () => import('./en/session') },
  devices: { id: () => import('./id/devices'), en: () => import('./en/devices') },
} satisfies Sources
