/** A number as people write it, with a comma or a dot: `3,5` is 3.5. Nothing when it is none. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim()
  return /^-?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : undefined
}

export type NumberFault = 'number' | 'out' | 'whole'

/** What is wrong with a number that has to lie within bounds; nothing when it can be. */
export function numberFault(text: string, min: number, max: number, whole: boolean): NumberFault | undefined {
  const value = numberOf(text)
  if (value === undefined) return 'number'
  if (value < min || value > max) return 'out'
  return whole && !Number.isInteger(value) ? 'whole' : undefined
}
