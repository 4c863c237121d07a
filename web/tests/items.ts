import type { Item, SignedReceipt } from '../src/phone/outbox/item'

export const anItem = (given: Partial<Item> = {}): Item => ({
  id: '0199d5a0-7c00-7000-8000-000000000001',
  person: 'p1',
  slot: 'morning',
  zone: 'Asia/Jakarta',
  day: '2026-11-23',
  captured_at: '2026-11-23T00:05:00.000Z',
  utc_offset_minutes: 420,
  photo: new Uint8Array([0xff, 0xd8, 1, 2, 3]).buffer,
  photoType: 'image/jpeg',
  photoSha256: 'aa',
  photoSource: 'camera',
  fixes: [{ latitude: -6.5, longitude: 106.8, accuracy_m: 12, fix_time: '2026-11-23T00:04:59.000Z' }],
  challenge: 'abc',
  state: 'waiting',
  notBefore: 0,
  tries: 0,
  renewed: false,
  rekeyed: false,
  ...given,
})

export const aReceipt = (verdict: 'accepted' | 'examining' | 'flagged' = 'accepted'): SignedReceipt => ({
  receipt: {
    number: '20261123-M-7F3K9Q2A',
    checkin_id: '0199d5a0-7c00-7000-8000-000000000001',
    slot: 'morning',
    work_date: '2026-11-23',
    attempt: 1,
    received_at: '2026-11-23T00:05:07.250000Z',
    timing: 'on_time',
    verdict,
    slot_verdict: verdict,
    photo_sha256: 'aa',
    photo_bytes: 5,
    rules_version: '2026-11.1',
    log_entry_id: '0199d5a0-7c00-7000-8000-000000000002',
    log_entry_sha256: 'bb',
    words: {
      id: 'Presensi pagi pukul 07.05 WIB: diterima.',
      en: 'The morning check-in at 07.05 WIB: accepted.',
    },
    assurance: 'device_key',
  },
  findings: [],
  signature: 'a.b.c',
})
