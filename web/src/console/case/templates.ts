import type { Words } from '../api/types'

/** Questions to begin with; whoever asks may change every word. Both languages, whatever the page speaks. */
export const TEMPLATES: readonly Words[] = [
  {
    id: 'Posisi presensi Anda terbaca agak jauh dari tempat yang terdaftar. Mohon dijelaskan, Anda sedang berada di mana saat itu?',
    en: 'Your check-in was placed some way from your registered place. Could you please explain where you were?',
  },
  {
    id: 'Foto presensi Anda belum cukup jelas. Mohon dijelaskan, atau lampirkan foto lain dari saat itu bila ada.',
    en: 'The photo of your check-in is not clear enough. Could you please explain, or attach another photo of that moment if there is one?',
  },
  {
    id: 'Presensi Anda tiba belakangan. Apakah ada kendala jaringan atau ponsel saat itu?',
    en: 'Your check-in arrived later than it was made. Was there a difficulty with the network or the phone?',
  },
  {
    id: 'Presensi Anda dikirim dari ponsel lain dari biasanya. Mohon dijelaskan, apakah Anda berganti ponsel?',
    en: 'Your check-in came from another phone than usual. Could you please explain whether you changed your phone?',
  },
]
