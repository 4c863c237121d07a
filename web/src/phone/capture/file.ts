/** What a file is by its first bytes; its name and stated type are not asked. */
export type PhotoKind = 'image/jpeg' | 'image/png' | 'image/webp' | 'heic' | undefined

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1']

export function kindOf(start: Uint8Array): PhotoKind {
  const text = (from: number, to: number): string => String.fromCharCode(...start.subarray(from, to))
  if (start[0] === 0xff && start[1] === 0xd8) return 'image/jpeg'
  if (text(1, 4) === 'PNG') return 'image/png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(4, 8) === 'ftyp' && HEIC_BRANDS.includes(text(8, 12))) return 'heic'
  return undefined
}

export const FILE_MAX_BYTES = 15_000_000
