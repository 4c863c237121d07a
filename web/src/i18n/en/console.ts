import type id from '../id/console'

const en: Record<keyof typeof id, string> = {
  'console.title': 'Check-in console',
  'console.lead': 'For supervisors and administrators.',
  'console.nav': 'Sections',
  'console.toStart': 'To the start',
  'console.over':
    'The sign-in of {name} ended because it was not used for a while. Please sign in again; what was open is still there.',
  'console.notMe': 'Sign in as somebody else',
  'console.phoneHint': 'For your own check-ins, please open the',
  'place.queue': 'Queue',
  'place.today': 'Today',
  'place.places': 'Places',
  'place.people': 'People',
  'place.agreement': 'Agreement',
  'place.admin': 'Manage',
  'menu.language': 'Language',
  'menu.scheme': 'Appearance',
  'menu.shortcuts': 'Single-key shortcuts',
  'menu.shortcuts.on': 'On',
  'menu.shortcuts.off': 'Off',
  'menu.phone': 'Check-in page',
  'scheme.auto': 'As the device',
  'scheme.light': 'Light',
  'scheme.dark': 'Dark',
  'noRole.title': 'Welcome, {name}',
  'noRole.text':
    'This page is for supervisors and administrators. Your check-ins, record and cases are on the check-in page. If you should have a task here, please ask your personnel administrator.',
  'noRole.auditor':
    "This page is for supervisors and administrators. An auditor's work has a page of its own. Your check-ins are on the check-in page.",
  'drawing.fence': 'Fence of the place',
  'drawing.fixes': 'Measured positions: {n}',
  'drawing.accuracy': "The phone's accuracy",
  'drawing.beyond': 'Far outside the drawing',
}
export default en
