/** UUID version 7: 48 bits of milliseconds, then chance; sorts by time. */
export function uuid7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const time = now.toString(16).padStart(12, '0')
  const bytes = Uint8Array.from(random)
  bytes[0] = 0x70 | (random[0]! & 0x0f)
  bytes[2] = 0x80 | (random[2]! & 0x3f)
  const rest = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join('-')
}
