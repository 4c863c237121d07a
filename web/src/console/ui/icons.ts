/** Outlines that only the console draws, as in `ui/icons.ts`. */
export const consoleIcons = {
  queue: 'M4 5h16v9H4zM4 14l3 5h10l3-5M9 14a3 3 0 006 0',
  board: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  people:
    'M9 5a3.2 3.2 0 100 6.4A3.2 3.2 0 009 5zM3 19.5c.5-3.2 2.8-5 6-5s5.5 1.8 6 5M15.5 5.3a3 3 0 010 5.8M17.5 14.9c2 .7 3.2 2.3 3.5 4.6',
  gear: 'M12 9a3 3 0 100 6 3 3 0 000-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
  balance: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6a2.7 2.7 0 005 0zM19 7l-2.5 6a2.7 2.7 0 005 0z',
  map: 'M9 5L3.5 7v12L9 17l6 2 5.5-2V5L15 7zM9 5v12M15 7v12',
  compare: 'M12 4v16M4 6h5v12H4zM15 6h5v12h-5z',
  history: 'M4 12a8 8 0 108-8 8 8 0 00-6.5 3.3M4 4v4h4M12 8v4l3 2',
  undo: 'M8 5L4 9l4 4M4 9h10a5.5 5.5 0 010 11h-4',
  skip: 'M5 6l7 6-7 6zM13 6l7 6-7 6z',
  zoom: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20 20M8 10.5h5M10.5 8v5',
  keyboard: 'M3 6h18v12H3zM7 10h.1M11 10h.1M15 10h.1M17 14h.1M7 14h.1M10 14h4',
  filter: 'M4 6h16M7 12h10M10 18h4',
  group: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 17h6M17 14v6',
  flag: 'M6 21V4M6 5h11l-2.5 4L17 13H6',
  alarm: 'M12 6a7 7 0 100 14 7 7 0 000-14zM12 9.5V13l2.5 1.5M4 5l3-2M20 5l-3-2',
  chevron: 'M6 9l6 6 6-6',
  contrast: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 3v18M12 7h6M12 11h8M12 15h7',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
  out: 'M14 4H6v16h8M10 12h11M17.5 8.5L21 12l-3.5 3.5',
} as const
