import type { Problem } from '../../api/problem'

/** Whether the same may go well if it is tried again: what is not there for somebody stays so. */
export const mayPass = ({ status }: Problem): boolean => status === 0 || status === 429 || status >= 500
