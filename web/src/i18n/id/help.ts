export default {
  'capture.introTitle': 'Sebelum mulai',
  'capture.introCamera':
    'Kamera: satu foto wajah dan badan bagian atas. Foto hanya diambil saat Anda mengetuk tombol.',
  'capture.introPlace': 'Lokasi: dibandingkan dengan rumah yang terdaftar, hanya saat halaman ini terbuka.',
  'capture.introWho':
    'Yang dapat melihat: atasan langsung bila presensi perlu diperiksa, dan pemeriksa. Setiap kali dilihat, tercatat dan Anda bisa membacanya.',
  'capture.introGo': 'Izinkan kamera dan lokasi',
  'capture.ok': 'Siap. Wajah terlihat jelas?',
  'capture.dark': 'Terlalu gelap. Cari tempat yang lebih terang.',
  'capture.bright': 'Terlalu terang. Jangan membelakangi jendela.',
  'capture.covered': 'Lensa tampak tertutup. Bersihkan atau buka penutupnya.',
  'capture.insecure':
    'Kamera dan lokasi hanya bekerja lewat alamat yang aman. Buka halaman ini dengan https://',
  'capture.denied': 'Kamera belum diizinkan',
  'capture.missing': 'Tidak ada kamera yang ditemukan',
  'capture.busy': 'Kamera sedang dipakai aplikasi lain',
  'capture.busyHelp': 'Tutup aplikasi lain yang memakai kamera, lalu coba lagi.',
  'capture.missingHelp': 'Anda dapat memakai foto dari aplikasi kamera.',
  'capture.cameraHelp.ios':
    'Ketuk aA di bilah alamat › Pengaturan Situs Web › Kamera › Izinkan, lalu muat ulang.',
  'capture.cameraHelp.other': 'Ketuk ikon di kiri alamat › Izin › Kamera › Izinkan, lalu muat ulang.',
  'capture.placeDenied': 'Lokasi belum diizinkan. Presensi tetap bisa dikirim, dan akan dilihat atasan.',
  'capture.placeHelp': 'Cara mengizinkan lokasi',
  'capture.placeHelp.ios':
    'Pengaturan › Privasi › Layanan Lokasi › Safari › Saat Digunakan, dengan Lokasi Akurat. Lalu muat ulang.',
  'capture.placeHelp.other':
    'Ketuk ikon di kiri alamat › Izin › Lokasi › Izinkan, dan nyalakan lokasi akurat di ponsel. Lalu muat ulang.',
  'capture.file': 'Pakai foto dari aplikasi kamera',
  'capture.fileNote': 'Foto dari berkas selalu dilihat atasan.',
  'capture.heic':
    'Foto ini berformat HEIC dan belum dapat dibaca. Di iPhone: Pengaturan › Kamera › Format › Paling Kompatibel, lalu ambil foto lagi.',
  'capture.notImage': 'Berkas ini bukan foto JPEG, PNG, atau WebP.',
  'capture.tooLarge': 'Foto ini lebih besar dari 15 MB. Silakan ambil dengan resolusi lebih rendah.',
  'capture.full':
    'Penyimpanan ponsel penuh, foto belum tersimpan. Kosongkan ruang lalu coba lagi, atau simpan fotonya dulu.',
  'capture.fullSave': 'Simpan foto sebagai berkas',
  'capture.retry': 'Coba kamera lagi',
  'help.how': 'Cara presensi',
  'help.howBody':
    'Buka halaman ini, ketuk tombol besar di bawah, lalu ambil foto. Foto langsung tersimpan di ponsel dan dikirim sendiri; boleh ditutup bila muncul “Tersimpan di ponsel ini”.',
  'help.offline': 'Tanpa jaringan',
  'help.offlineBody':
    'Presensi tetap bisa dilakukan. Foto menunggu di ponsel sampai ada jaringan; yang tiba terlambat dilihat atasan, bukan dianggap tidak hadir.',
  'help.place': 'Lokasi kurang tepat',
  'help.placeBody':
    'Dekati jendela dan nyalakan lokasi akurat. Ponsel yang kurang tepat tidak pernah dihitung sebagai di luar rumah.',
  'help.flag': 'Perlu dilihat atasan',
  'help.flagBody':
    'Artinya seseorang akan melihat foto dan lokasinya. Tidak ada yang ditolak oleh program. Anda bisa memberi penjelasan dan mengajukan keberatan di Catatan saya.',
  'help.privacy': 'Siapa yang melihat',
  'help.privacyBody':
    'Atasan langsung dan pemeriksa, hanya bila perlu. Setiap kali foto atau peta dilihat, tercatat dan Anda bisa membacanya di Catatan saya.',
} as const
