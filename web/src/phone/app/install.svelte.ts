import { load, save } from '../../store/db'

interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>
}

let prompt = $state.raw<InstallPrompt>()
let ios = $state(false)
let dismissed = $state(true)

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  prompt = event as InstallPrompt
})
addEventListener('appinstalled', () => (prompt = undefined))

const installed = (): boolean => matchMedia('(display-mode: standalone)').matches

/** iOS has no prompt of its own to call; there people are told the way. */
export async function startInstall(): Promise<void> {
  ios = /iPhone|iPad/.test(navigator.userAgent) && !installed()
  dismissed = (await load<boolean>('install-dismissed')) ?? false
}

export const installHint = (): 'button' | 'ios' | undefined =>
  dismissed ? undefined : prompt ? 'button' : ios ? 'ios' : undefined

export async function install(): Promise<void> {
  await prompt?.prompt()
  prompt = undefined
}

export async function dismissInstall(): Promise<void> {
  dismissed = true
  await save('install-dismissed', true)
}
