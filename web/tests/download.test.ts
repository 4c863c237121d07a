import { describe, expect, it } from 'vitest'
import { fileName, percent, read, size } from '../src/phone/device/download'

describe('a download', () => {
  it('is never said to be whole before it is', () => {
    expect(percent(0, 200)).toBe(0)
    expect(percent(101, 200)).toBe(50)
    expect(percent(250, 200)).toBe(99)
    expect(percent(5, null)).toBeNull()
    expect(percent(5, 0)).toBeNull()
  })

  it('says its size in the numbers of the language', () => {
    expect(size(48_200, 'id-ID')).toBe('48 kB')
    expect(size(1_240_000, 'id-ID')).toBe('1,2 MB')
    expect(size(1_240_000, 'en-ID')).toMatch(/^1[.,]2 MB$/)
    expect(size(23_400_000, 'id-ID')).toBe('23 MB')
  })

  it('is read to its end and tells how far it has come', async () => {
    const told: number[] = []
    const chunks = [new Uint8Array(3), new Uint8Array(4)]
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = chunks.shift()
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
    })
    const blob = await read(new Response(body, { headers: { 'content-type': 'application/zip' } }), (bytes) =>
      told.push(bytes),
    )
    expect([blob.size, blob.type, told]).toEqual([7, 'application/zip', [3, 7]])
  })

  it('takes the name the server gives', () => {
    const named = new Response('', {
      headers: { 'content-disposition': 'attachment; filename="hadir-1990.zip"' },
    })
    expect(fileName(named, 'data.zip')).toBe('hadir-1990.zip')
    expect(fileName(new Response(''), 'data.zip')).toBe('data.zip')
  })
})
