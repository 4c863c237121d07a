import type id from '../id/session'

const en: Record<keyof typeof id, string> = {
  'session.title': 'Sign in',
  'session.lead': 'Check in from home, morning and evening.',
  'session.nip': 'Staff number (NIP)',
  'session.password': 'Password',
  'session.signIn': 'Sign in',
  'session.nipMissing': 'Enter your staff number.',
  'session.passwordMissing': 'Enter your password.',
  'session.over': 'Your sign-in has ended. Please sign in again.',
  'session.overUnsent':
    'Your sign-in has ended. Check-ins kept on this phone: {n}. They are sent once you sign in again.',
  'session.out': 'Sign out',
  'session.outEverywhere': 'Sign out everywhere',
  'session.outAsk': 'Sign out on this phone?',
  'session.outEverywhereAsk': 'Sign out on all devices, this phone included?',
  'session.outUnsent':
    'Check-ins not sent yet: {n}. They stay on this phone for you, and are sent only after you sign in again.',
}
export default en
