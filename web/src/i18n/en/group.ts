import type id from '../id/group'

const en: Record<keyof typeof id, string> = {
  'group.title': '{n} cases with one cause',
  'group.lead': 'Look at each photo, then accept them together. Rejecting stays one by one.',
  'group.none': 'No case waits with this cause any more.',
  'group.toQueue': 'Back to the queue',
  'group.more': 'There are more cases; 20 at most at one time.',
  'group.seen': 'Seen',
  'group.unseen': 'Not seen yet',
  'group.with': 'Accept it, too',
  'group.held': 'Open at {by}, left out',
  'group.asked': 'Waiting for an answer, left out',
  'group.notThis': 'Left out',
  'group.open': 'Open the case',
  'group.reason': 'Reason to accept',
  'group.accept': 'Accept {n} together',
  'group.progress': '{seen} of {total} seen',
  'group.tooFew': 'Two cases that were seen are needed to accept together.',
  'group.confirm.title': 'Accept {n} check-ins together?',
  'group.confirm.counts': '{n} check-ins count, with the reason: {reason}.',
  'group.confirm.told': 'Each person sees the reason, the note and your name.',
  'group.confirm.log': 'The decision is recorded as one made together.',
  'group.confirm.who': 'For: {names}',
  'group.done': '{n} check-ins accepted.',
  'group.refused': 'Nothing was accepted: {n} cases cannot be part of it.',
  'group.refused.hint': 'Those that cannot be part of it were left out. Please try again with the others.',
}
export default en
