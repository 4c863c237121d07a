export default {
  'session.title': 'Masuk',
  'session.lead': 'Presensi dari rumah, pagi dan sore.',
  'session.nip': 'NIP',
  'session.password': 'Kata sandi',
  'session.signIn': 'Masuk',
  'session.nipMissing': 'Isi NIP Anda.',
  'session.passwordMissing': 'Isi kata sandi Anda.',
  'session.over': 'Sesi Anda telah berakhir. Silakan masuk lagi.',
  'session.overUnsent':
    'Sesi Anda telah berakhir. {n} presensi tersimpan di ponsel ini dan akan dikirim setelah Anda masuk lagi.',
  'session.out': 'Keluar',
  'session.outEverywhere': 'Keluar dari semua perangkat',
  'session.outAsk': 'Keluar dari ponsel ini?',
  'session.outEverywhereAsk': 'Keluar dari semua perangkat, termasuk ponsel ini?',
  'session.outUnsent':
    '{n} presensi belum terkirim. Semuanya tetap tersimpan di ponsel ini untuk Anda, dan baru dikirim setelah Anda masuk lagi.',
} as const
