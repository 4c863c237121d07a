export default {
  'devices.title': 'Perangkat dan sesi',
  'devices.keys': 'Ponsel yang terdaftar',
  'devices.keys.text': 'Setiap ponsel menandatangani presensi dengan kuncinya sendiri.',
  'devices.none': 'Belum ada. Kunci dibuat saat presensi pertama di ponsel ini.',
  'devices.this': 'Ponsel ini',
  'devices.since': 'Terdaftar {at}',
  'devices.used': 'Terakhir dipakai {at}',
  'devices.unused': 'Belum pernah dipakai',
  'devices.remove.short': 'Hapus',
  'devices.remove.title': 'Hapus kunci “{name}”?',
  'devices.remove.text':
    'Presensi yang sudah ada tidak berubah. Ponsel itu membuat kunci baru bila dipakai lagi.',
  'devices.remove.yes': 'Ya, hapus kunci',
  'devices.removed': 'Kunci “{name}” dihapus.',
  'devices.sessions': 'Sesi masuk',
  'devices.everywhere': 'Keluar dari semua perangkat',
  'devices.everywhere.text':
    'Pakai ini bila ponsel hilang. Anda perlu masuk lagi di setiap perangkat, juga di sini.',
  'devices.everywhere.title': 'Keluar dari semua perangkat?',
  'devices.everywhere.unsent':
    '{n} presensi belum terkirim. Semuanya tetap tersimpan di ponsel ini dan dikirim setelah Anda masuk lagi.',
  'devices.everywhere.yes': 'Ya, keluar di mana saja',
  'devices.data': 'Data saya',
  'devices.data.text':
    'Semua yang disimpan tentang Anda: presensi, foto, keputusan, dan siapa yang melihatnya, dalam satu berkas ZIP.',
  'devices.download': 'Unduh data saya',
  'devices.downloading': 'Mengunduh data',
  'devices.part': '{part} dari sekitar {whole}',
  'devices.cancelled': 'Unduhan dibatalkan.',
  'devices.done': 'Unduhan selesai, {whole}.',
} as const
