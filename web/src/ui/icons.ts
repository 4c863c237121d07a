import type { consoleIcons } from '../console/ui/icons'

/** 24 x 24 outlines, drawn with a stroke of 1.75. */
const icons = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z',
  flip: 'M4 11a8 8 0 0113.7-5.6L20 8M20 4v4h-4M20 13a8 8 0 01-13.7 5.6L4 16M4 20v-4h4',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.5V12l3 2',
  cloud: 'M7 18a4 4 0 01-.5-8 6 6 0 0111.4 1A3.5 3.5 0 0117.5 18zM12 10v5M9.8 12.2L12 10l2.2 2.2',
  close: 'M6 6l12 12M18 6L6 18',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6z',
  home: 'M4 11l8-7 8 7v9H4zM10 20v-6h4v6',
  info: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5.5M12 7.5v.2',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.1M4 12h.1M4 18h.1',
  menu: 'M4 7h16M4 12h16M4 17h16',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 013-2M16.5 10.8a10 10 0 012.5 1.7M8.5 16a5 5 0 017 0M2 9a15 15 0 013.5-2.4M10 5.2A15 15 0 0122 9M12 19.5v.2',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20.5c.8-3.7 3.7-5.5 7.5-5.5s6.7 1.8 7.5 5.5',
  phone: 'M7 3h10v18H7zM11 17.5h2',
  pin: 'M12 21s7-6 7-11.5A7 7 0 005 9.5C5 15 12 21 12 21zM12 7a2.6 2.6 0 100 5.2A2.6 2.6 0 0012 7z',
  question: 'M12 3a9 9 0 100 18 9 9 0 000-18zM9.5 9.5a2.5 2.5 0 113.7 2.2c-.8.5-1.2 1-1.2 2M12 16.8v.2',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7',
  moon: 'M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z',
  warn: 'M12 4L2.5 20h19zM12 10v4.5M12 17.2v.2',
} as const

export type IconName = keyof typeof icons | keyof typeof consoleIcons

/** The path of an outline. */
export const outline = (name: IconName): string => (icons as Partial<Record<string, string>>)[name] ?? ''

/** Outlines that only one page draws are brought by that page. */
export const addIcons = (more: Record<string, string>): void => void Object.assign(icons, more)
