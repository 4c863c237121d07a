import type id from '../id/lines'

const en: Record<keyof typeof id, string> = {
  'lines.clock':
    "Your phone's clock differs from the server's by {minutes} min. Check-ins count by the server's clock.",
  'lines.earlier': '{slot} of {date}',
  'lines.unsentOther':
    'Somebody else has unsent check-ins on this phone. They are sent once that person signs in.',
  'lines.install': 'Put Presensi on the home screen: it opens fast, without network too.',
  'lines.installYes': 'Install',
  'lines.installIos': 'Tap Share, then Add to Home Screen.',
  'lines.update': 'A new version is ready.',
  'lines.updateYes': 'Use it now',
  'lines.answerBody': 'Questions that wait for your answer: {n}',
  'lines.homeBody':
    'Your home is not registered yet. Register it, so that not every check-in has to be looked at.',
  'lines.old': 'This was kept at {at}; the phone has no network now.',
  'lines.never':
    'The schedule was never loaded on this phone. You can check in all the same; the server records the time.',
}
export default en
