import type id from '../id/outbox'

const en: Record<keyof typeof id, string> = {
  'outbox.savedTitle': 'Saved on this phone',
  'outbox.savedBody': 'You may close the page. It is sent by itself.',
  'outbox.undo': 'Take it again ({s})',
  'outbox.sendingBody': 'Sending…',
  'outbox.progress': 'Progress of sending',
  'outbox.waitingBody': 'Waiting for the network. It is sent by itself; your check-in is safe on this phone.',
  'outbox.waitingServer':
    'The server is not ready. It is tried again by itself; your check-in is safe on this phone.',
  'outbox.signIn': 'Sign in again, so that it can be sent.',
  'outbox.sendNow': 'Send now',
  'outbox.receivedTitle': 'Check-in received',
  'outbox.flaggedTitle': 'Check-in recorded',
  'outbox.flaggedBody':
    'A supervisor will have a look. You need not repeat it; add an explanation if you like.',
  'outbox.refusedTitle': 'It could not be taken',
  'outbox.taken': 'Photo taken',
  'outbox.signInAgain': 'Sign in again',
  'outbox.home': 'To today',
  'outbox.gone': 'This check-in is no longer on the phone.',
}
export default en
