const encoder = new TextEncoder()

export function base64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** SHA-256 as lower-case hex. */
export async function sha256Hex(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A compact JWS, ES256: WebCrypto's raw `r || s` is the signature a JWS wants. */
export async function signJws(key: CryptoKey, header: object, payload: object): Promise<string> {
  const part = (value: object): string => base64url(encoder.encode(JSON.stringify(value)))
  const signed = `${part({ alg: 'ES256', ...header })}.${part(payload)}`
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, encoder.encode(signed))
  return `${signed}.${base64url(new Uint8Array(signature))}`
}
