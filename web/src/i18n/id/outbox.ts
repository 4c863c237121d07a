export default {
  'outbox.savedTitle': 'Tersimpan di ponsel ini',
  'outbox.savedBody': 'Boleh ditutup. Presensi dikirim sendiri.',
  'outbox.undo': 'Ulangi foto ({s})',
  'outbox.sendingBody': 'Sedang dikirim…',
  'outbox.progress': 'Kemajuan pengiriman',
  'outbox.waitingBody':
    'Menunggu jaringan. Dikirim sendiri begitu tersambung; presensi Anda aman di ponsel ini.',
  'outbox.waitingServer': 'Server belum siap. Dicoba lagi sendiri; presensi Anda aman di ponsel ini.',
  'outbox.signIn': 'Masuk lagi agar presensi ini terkirim.',
  'outbox.sendNow': 'Kirim sekarang',
  'outbox.receivedTitle': 'Presensi diterima',
  'outbox.flaggedTitle': 'Presensi tercatat',
  'outbox.flaggedBody':
    'Atasan akan melihatnya sebentar. Anda tidak perlu mengulang; tambahkan penjelasan bila perlu.',
  'outbox.refusedTitle': 'Belum dapat diterima',
  'outbox.taken': 'Foto diambil',
  'outbox.signInAgain': 'Masuk kembali',
  'outbox.home': 'Ke hari ini',
  'outbox.gone': 'Presensi ini tidak ada lagi di ponsel.',
} as const
