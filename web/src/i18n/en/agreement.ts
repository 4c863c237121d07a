import type id from '../id/agreement'

const en: Record<keyof typeof id, string> = {
  'agreement.title': 'Agreement',
  'agreement.lead': 'How often two people judge alike, and what random looks find.',
  'agreement.before': 'Month before',
  'agreement.after': 'Month after',
  'agreement.second': 'Judged twice',
  'agreement.second.what':
    'Some cases are judged again by somebody else who does not know the first decision.',
  'agreement.second.none': 'No case was judged twice in this month.',
  'agreement.same': 'Alike: {same} of {n} cases',
  'agreement.table': 'First and second decision',
  'agreement.first': 'First decision',
  'agreement.then.accept': 'Second: accepted',
  'agreement.then.reject': 'Second: rejected',
  'agreement.kappa': 'Kappa',
  'agreement.kappa.what': 'Agreement beyond chance: 1 is always alike, 0 is no more than chance.',
  'agreement.kappa.null': 'Cannot be computed: all decisions are of one kind.',
  'agreement.pabak': 'PABAK',
  'agreement.pabak.what':
    'The same without the effect of rejections being rare. Where it is far above kappa, rejections are rare and kappa looks worse than things are.',
  'agreement.level.good': 'Good: judged alike nearly always.',
  'agreement.level.fair': 'Fair: the cases judged differently are worth talking about.',
  'agreement.level.low': 'Low: what to accept and to reject should be agreed on anew.',
  'agreement.level.few': 'Too few cases to conclude anything.',
  'agreement.routine': 'Random looks',
  'agreement.routine.what': 'Some check-ins that were accepted automatically are looked at all the same.',
  'agreement.routine.found': 'Looked at {n}, rejected {rejected} ({share}).',
  'agreement.routine.none': 'No random looks in this month.',
  'agreement.differ': 'Judged differently',
  'agreement.differ.none': 'No case was judged differently.',
  'agreement.differ.case': 'First case',
  'agreement.differ.second': 'Second look',
  'agreement.differ.how': 'first {first}, then {second}',
}
export default en
