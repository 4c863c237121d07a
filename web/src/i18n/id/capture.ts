export default {
  'capture.starting': 'Kamera disiapkan…',
  'capture.view': 'Gambar kamera',
  'capture.switch': 'Ganti kamera',
  'capture.shoot': 'Ambil foto dan kirim',
  'capture.code': 'Kode foto {code}',
  'capture.noPlace': 'Tanpa lokasi',
  'capture.failed': 'Foto belum tersimpan. Silakan coba lagi.',
} as const
