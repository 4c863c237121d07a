export interface Part {
  name: string
  type: string
  body: BlobPart
}

/** A multipart body made by hand, so that parts have the order and the types the API names, and no file names. */
export function multipart(parts: Part[]): { type: string; body: Blob } {
  const boundary = `hadir-${crypto.randomUUID()}`
  const pieces: BlobPart[] = parts.flatMap((part) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"\r\nContent-Type: ${part.type}\r\n\r\n`,
    part.body,
    '\r\n',
  ])
  const type = `multipart/form-data; boundary=${boundary}`
  return { type, body: new Blob([...pieces, `--${boundary}--\r\n`], { type }) }
}
