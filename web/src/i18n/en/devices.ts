import type id from '../id/devices'

const en: Record<keyof typeof id, string> = {
  'devices.title': 'Devices and sign-ins',
  'devices.keys': 'Registered phones',
  'devices.keys.text': 'Each phone signs check-ins with a key of its own.',
  'devices.none': 'None yet. The key is made at the first check-in on this phone.',
  'devices.this': 'This phone',
  'devices.since': 'Registered {at}',
  'devices.used': 'Last used {at}',
  'devices.unused': 'Not used yet',
  'devices.remove.short': 'Remove',
  'devices.remove.title': 'Remove the key of “{name}”?',
  'devices.remove.text': 'Earlier check-ins do not change. That phone makes a new key when it is used again.',
  'devices.remove.yes': 'Yes, remove the key',
  'devices.removed': 'The key of “{name}” is removed.',
  'devices.sessions': 'Sign-ins',
  'devices.everywhere': 'Sign out everywhere',
  'devices.everywhere.text': 'For a lost phone. You will have to sign in again on every device, here too.',
  'devices.everywhere.title': 'Sign out everywhere?',
  'devices.everywhere.unsent':
    '{n} not sent yet. They stay on this phone and are sent once you have signed in again.',
  'devices.everywhere.yes': 'Yes, sign out everywhere',
  'devices.data': 'My data',
  'devices.data.text':
    'Everything kept about you: check-ins, photos, decisions and who looked at them, in one ZIP file.',
  'devices.download': 'Download my data',
  'devices.downloading': 'Downloading your data',
  'devices.part': '{part} of about {whole}',
  'devices.cancelled': 'The download was cancelled.',
  'devices.done': 'Download complete, {whole}.',
}
export default en
