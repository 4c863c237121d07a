import type id from '../id/capture'

const en: Record<keyof typeof id, string> = {
  'capture.starting': 'Starting the camera…',
  'capture.view': 'Camera picture',
  'capture.switch': 'Switch camera',
  'capture.shoot': 'Take the photo and send',
  'capture.code': 'Photo code {code}',
  'capture.noPlace': 'No position',
  'capture.failed': 'The photo is not saved yet. Please try again.',
}
export default en
