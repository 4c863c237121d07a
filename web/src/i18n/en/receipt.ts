import type id from '../id/receipt'

const en: Record<keyof typeof id, string> = {
  'receipt.refusedBody': 'The photo stays on this phone until you remove it.',
  'receipt.number': 'Receipt number',
  'receipt.time': 'Server time',
  'receipt.findings': 'Notes',
  'receipt.saveReceipt': 'Save receipt',
  'receipt.savePhoto': 'Save photo',
  'receipt.remove': 'Remove from this phone',
  'receipt.removeAsk': 'Remove this photo from the phone?',
  'receipt.removeBody': 'The server did not take this photo, and it is kept nowhere else.',
  'receipt.signedKey': "Signed with this phone's key.",
  'receipt.signedSession': "Sent under your sign-in, without the phone's key.",
  'receipt.rekeyed': 'This phone’s key is not known any more; the next check-in uses a new one.',
  'receipt.explain': 'Add an explanation',
}
export default en
