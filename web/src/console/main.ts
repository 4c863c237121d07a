import { mount } from 'svelte'
import { startLang } from '../i18n/index.svelte'
import { consoleWords } from '../i18n/console'
import '../ui/tokens.css'
import '../ui/base.css'
import './ui/console.css'
import { addIcons } from '../ui/icons'
import App from './App.svelte'
import { startScheme } from './app/scheme.svelte'
import { startShortcuts } from './app/shortcuts.svelte'
import { startSession } from './session/session.svelte'
import { consoleIcons } from './ui/icons'

addIcons(consoleIcons)
// Who is here is asked while the words are on their way; the page is drawn once both are known.
const asked = startSession()
await Promise.all([startLang(consoleWords, 'common', 'session', 'console'), startScheme(), startShortcuts()])
await asked
mount(App, { target: document.getElementById('app') as HTMLElement })
