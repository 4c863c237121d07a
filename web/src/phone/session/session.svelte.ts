import { api, ask, askOpenly, whenSignedOut } from '../../api/client'
import { dropSession, keepSession, session, withTokens, type Person } from '../../api/tokens'
import { load, save } from '../../store/db'

/** `over`: the sign-in has ended on the server, but the page still shows what this phone keeps. */
type Phase = 'out' | 'over' | 'in'

let phase = $state<Phase>('out')
let current = $state.raw<Person>()

export const sessionPhase = (): Phase => phase
/** The signed-in person; screens are only drawn while there is one. */
export const person = (): Person => current as Person

whenSignedOut(() => {
  if (phase === 'in') phase = 'over'
})

export async function startSession(): Promise<void> {
  const kept = await session()
  current = kept?.person
  phase = !kept ? 'out' : kept.over ? 'over' : 'in'
}

/** Who signs in is asked at once, so that everything on this phone is kept under the right person. */
export async function signIn(nip: string, password: string): Promise<void> {
  const device_token = await load<string>('device-token')
  const tokens = await askOpenly(api.POST('/api/v1/session', { body: { nip, password, device_token } }))
  if (tokens.device_token) await save('device-token', tokens.device_token)
  const who = await askOpenly(api.GET('/api/v1/me'), tokens.access_token)
  await keepSession(withTokens(who, tokens))
  current = who
  phase = 'in'
}

/** Ends this sign-in, or all of them; without network the phone forgets it all the same. */
export async function signOut(everywhere: boolean): Promise<void> {
  const told = everywhere ? ask(api.DELETE('/api/v1/sessions')) : ask(api.DELETE('/api/v1/session'))
  if (everywhere) await told
  else await told.catch(() => undefined)
  await dropSession()
  phase = 'out'
}
