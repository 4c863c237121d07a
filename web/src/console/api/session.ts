import { del, openly } from './client'
import type { Me } from './types'

export const whoAmI = (): Promise<Me> => openly('GET', '/me')
export const signIn = (nip: string, password: string): Promise<Me> =>
  openly('POST', '/console/session', { nip, password })
export const signOut = (): Promise<void> => del('/session')
