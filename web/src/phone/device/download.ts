/** Share of a download in percent; 100 only when it is whole, because the server's total is an estimate. */
export function percent(bytes: number, total: number | null): number | null {
  if (!total || total <= 0) return null
  return Math.min(99, Math.floor((bytes / total) * 100))
}

/** Bytes as people read them, in the numbers of their language. */
export function size(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB']
  const digits = value < 10 && unit === 'MB' ? 1 : 0
  const number = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${number} ${unit}`
}

/** Reads an answer to its end and tells how far it has come. */
export async function read(answer: Response, told: (bytes: number) => void): Promise<Blob> {
  const reader = answer.body?.getReader()
  if (!reader) return answer.blob()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value)
    bytes += part.value.byteLength
    told(bytes)
  }
  return new Blob(parts, { type: answer.headers.get('content-type') ?? 'application/zip' })
}

/** The name the server gives the file. */
export function fileName(answer: Response, otherwise: string): string {
  const given = /filename="?([\w.-]+)"?/.exec(answer.headers.get('content-disposition') ?? '')
  return given?.[1] ?? otherwise
}
