export default {
  'lines.clock':
    'Jam ponsel Anda berbeda {minutes} menit dari jam server. Presensi tetap dicatat dengan jam server.',
  'lines.earlier': '{slot} dari {date}',
  'lines.unsentOther':
    'Ada presensi pengguna lain yang belum terkirim di ponsel ini. Akan dikirim setelah orang itu masuk.',
  'lines.install': 'Pasang Presensi di layar utama agar cepat dibuka, juga tanpa jaringan.',
  'lines.installYes': 'Pasang',
  'lines.installIos': 'Ketuk Bagikan, lalu Tambahkan ke Layar Utama.',
  'lines.update': 'Versi baru sudah siap.',
  'lines.updateYes': 'Pakai sekarang',
  'lines.answerBody': 'Ada {n} pertanyaan yang menunggu jawaban Anda.',
  'lines.homeBody':
    'Rumah Anda belum terdaftar. Daftarkan agar presensi tidak perlu diperiksa satu per satu.',
  'lines.old': 'Keterangan ini disimpan pukul {at}; ponsel sedang tanpa jaringan.',
  'lines.never':
    'Jadwal belum pernah dimuat di ponsel ini. Anda tetap bisa melakukan presensi; server yang mencatat waktunya.',
} as const
