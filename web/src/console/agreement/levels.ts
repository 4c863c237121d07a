import type { Agreement } from '../api/reviews'

type Second = Agreement['second']

/** Below so many cases a number says nothing. */
const FEWEST = 20

/** How a measure of agreement is to be read; by the one that rare rejections do not pull down. */
export function level({ n, pabak }: Pick<Second, 'n' | 'pabak'>): 'few' | 'good' | 'fair' | 'low' {
  if (n < FEWEST || pabak == null) return 'few'
  if (pabak >= 0.8) return 'good'
  return pabak >= 0.5 ? 'fair' : 'low'
}

export const alike = ({ both_accept, both_reject }: Second): number => both_accept + both_reject
