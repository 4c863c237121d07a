import type id from '../id/help'

const en: Record<keyof typeof id, string> = {
  'capture.introTitle': 'Before you start',
  'capture.introCamera':
    'Camera: one photo of your face and upper body. It is taken only when you tap the button.',
  'capture.introPlace': 'Position: compared with your registered home, only while this page is open.',
  'capture.introWho':
    'Who can see it: your supervisor when a check-in has to be looked at, and auditors. Every look is recorded for you to read.',
  'capture.introGo': 'Allow camera and position',
  'capture.ok': 'Ready. Is your face clear?',
  'capture.dark': 'Too dark. Find a brighter place.',
  'capture.bright': 'Too bright. Turn away from the window.',
  'capture.covered': 'The lens seems covered. Clean or uncover it.',
  'capture.insecure': 'Camera and position work only at a secure address. Open this page with https://',
  'capture.denied': 'The camera is not allowed yet',
  'capture.missing': 'No camera was found',
  'capture.busy': 'Another app is using the camera',
  'capture.busyHelp': 'Close other apps that use the camera, then try again.',
  'capture.missingHelp': 'You can use a photo of the camera app.',
  'capture.cameraHelp.ios': 'Tap aA in the address bar › Website Settings › Camera › Allow, then reload.',
  'capture.cameraHelp.other': 'Tap the icon left of the address › Permissions › Camera › Allow, then reload.',
  'capture.placeDenied': 'The position is not allowed yet. You can still check in; a supervisor will look.',
  'capture.placeHelp': 'How to allow the position',
  'capture.placeHelp.ios':
    'Settings › Privacy › Location Services › Safari › While Using, with Precise Location. Then reload.',
  'capture.placeHelp.other':
    'Tap the icon left of the address › Permissions › Location › Allow, and turn on precise location. Then reload.',
  'capture.file': 'Use a photo of the camera app',
  'capture.fileNote': 'A supervisor always looks at photos from files.',
  'capture.heic':
    'This photo is HEIC and cannot be read. On an iPhone: Settings › Camera › Formats › Most Compatible, then take it again.',
  'capture.notImage': 'This file is not a JPEG, PNG or WebP photo.',
  'capture.tooLarge': 'This photo is larger than 15 MB. Please take it at a lower resolution.',
  'capture.full':
    'The phone is full, the photo is not saved yet. Free some space and try again, or save the photo first.',
  'capture.fullSave': 'Save the photo as a file',
  'capture.retry': 'Try the camera again',
  'help.how': 'How to check in',
  'help.howBody':
    'Open this page, tap the large button at the bottom and take the photo. It is saved on the phone at once and sent by itself; you may close the page when it says “Saved on this phone”.',
  'help.offline': 'Without network',
  'help.offlineBody':
    'You can check in all the same. The photo waits on the phone for the network; a supervisor looks at what arrives late, and nobody counts it as an absence.',
  'help.place': 'An imprecise position',
  'help.placeBody':
    'Step to a window and turn on precise location. An imprecise phone never counts as being away from home.',
  'help.flag': 'A supervisor will look',
  'help.flagBody':
    'Somebody will look at the photo and the position. The program rejects nothing. You can explain and object under My record.',
  'help.privacy': 'Who can see it',
  'help.privacyBody':
    'Your supervisor and auditors, only where needed. Every look at a photo or a map is recorded, for you to read under My record.',
}
export default en
