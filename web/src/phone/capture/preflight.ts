import { api, ask, type Schemas } from '../../api/client'
import type { Slot } from '../outbox/item'
import type { Fix } from '../position/fixes'

export type Advice = Schemas['PreflightView']

/** What the server would say of these fixes; nothing without network, where nobody needs to know. */
export async function advise(slot: Slot, fixes: Fix[]): Promise<Advice | undefined> {
  const body = { slot, fixes, sent_at: new Date().toISOString(), accuracy_basis: 'web' as const }
  return ask(api.POST('/api/v1/me/preflight', { body })).catch(() => undefined)
}
