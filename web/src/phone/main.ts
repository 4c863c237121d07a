import { mount } from 'svelte'
import { startLang } from '../i18n/index.svelte'
import { phoneWords } from '../i18n/phone'
import '../ui/tokens.css'
import '../ui/base.css'
import App from './App.svelte'
import { startOutbox } from './outbox/outbox.svelte'
import { startSession } from './session/session.svelte'

// The page is drawn once it is known who is here and in which language; everything else comes after.
await startLang(phoneWords, 'core')
await startSession()
mount(App, { target: document.getElementById('app') as HTMLElement })
void startOutbox()
