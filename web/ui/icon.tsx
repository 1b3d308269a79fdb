/** Strokes on a grid of 24. */
const paths = {
  archive: 'M4 8v11h16V8M3 4h18v4H3zM10 12h4',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  at: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0v1.500a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1',
  ban: 'M5.6 5.600l12.8 12.800M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  bell: 'M6 9a6 6 0 1 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  chevronDown: 'M6 9l6 6 6-6',
  chevronLeft: 'M15 6l-6 6 6 6',
  close: 'M6 6l12 12M18 6L6 18',
  compass: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM15.5 8.500l-2 5-5 2 2-5z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  devices: 'M4 5h13v9H4zM2 18h11M16 10h5v10h-5z',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  emoji: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8.5 14.500c.9 1.2 2.1 1.8 3.5 1.800s2.6-.6 3.5-1.800M9 9.500v.500M15 9.500v.5',
  file: 'M6 3h8l4 4v14H6zM14 3v5h4',
  hash: 'M9 4L7 20M17 4l-2 16M4 9h16M3.5 15h16',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.5 9v.01',
  info: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 11v5M12 8v.01',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.700l1-1',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  menu: 'M4 7h16M4 12h16M4 17h16',
  message: 'M4 5h16v11h-8l-5 4v-4H4z',
  monitor: 'M3 5h18v11H3zM8 20h8M12 16v4',
  moon: 'M20 14.500A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.500z',
  more: 'M6 12v.010M12 12v.010M18 12v.01',
  mute: 'M4 9.500v5h3.500L12 18V6L7.5 9.500zM16 9.500l5 5M21 9.500l-5 5',
  paperclip: 'M20 11l-8.5 8.500a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.700L9.5 17a1.7 1.7 0 0 1-2.4-2.400L14.5 7',
  people: 'M15 19v-1.500A3.5 3.5 0 0 0 11.5 14h-5A3.5 3.5 0 0 0 3 17.500V19M9 10.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM21 19v-1.500a3.5 3.5 0 0 0-2.6-3.400M15.5 4.700a3 3 0 0 1 0 5.6',
  phone: 'M8 3h8v18H8zM11 18h2',
  plus: 'M12 5v14M5 12h14',
  reply: 'M10 8V4l-7 7 7 7v-4c5 0 8 1.5 11 5-1-5.5-4-10-11-11z',
  search: 'M17.5 11a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM20.5 20.500l-5-5',
  send: 'M4 12l16-8-5 16-3.5-6.500z',
  server: 'M4 4h16v7H4zM4 13h16v7H4zM8 7.500v.010M8 16.500v.01',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 9.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 19.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  signOut: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  sun: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  user: 'M5 20v-1a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v1M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  userPlus: 'M3 20v-1.500A4.5 4.5 0 0 1 7.5 14h4a4.5 4.5 0 0 1 4.5 4.500V20M9.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM19 8v6M16 11h6',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01'
} as const

export type IconName = keyof typeof paths

/** Decoration: what it means stands beside it, or in the name of what it is on. */
export function Icon ({ name, size = 18 }: { name: IconName, size?: number }) {
  const isDots = name === 'more'
  return (
    <svg
      width={size} height={size} viewBox='0 0 24 24' fill='none' stroke='currentColor' strokeWidth={isDots ? 2.6 : 1.7}
      strokeLinecap='round' strokeLinejoin='round' aria-hidden='true' focusable='false'
    >
      <path d={paths[name]} />
    </svg>
  )
}
