import { t } from '../../i18n/index.svelte'
import type { ReviewSummary } from '../api/reviews'
import { due, type Span } from './due'

export const spanWords = ({ unit, n }: Span): string => t(`span.${unit}`, { n })

/** `lewat target 3 jam`; empty for what is decided. */
export function dueWords(item: Pick<ReviewSummary, 'state' | 'due_at' | 'overdue'>, nowMs: number): string {
  const found = due(item, nowMs)
  if (!found) return ''
  return found.kind === 'asked' ? t('due.asked') : t(`due.${found.kind}`, { span: spanWords(found.span) })
}
