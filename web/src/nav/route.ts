/** Addresses behind the `#`, in pieces: `#/record/2026-11` is `['record', '2026-11']`. */
export function pieces(hash: string): string[] {
  return hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent)
}
