/** Our own icons: 24-unit grid, 1.75-unit strokes in the colour of the text around them. */
const shapes = {
  check: 'M20 6.5 9.5 17.5 4 12',
  'check-circle': 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M8 12.3l2.8 2.8L16 9.4',
  cross: 'M6 6l12 12 M18 6 6 18',
  'cross-circle': 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M9 9l6 6 M15 9l-6 6',
  question: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M9.5 9.6a2.5 2.5 0 1 1 3.6 2.3c-.7.4-1.1.8-1.1 1.6 M12 16.6v.1',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M12 7.5V12l3 2',
  pause: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M10 9v6 M14 9v6',
  alert: 'M12 4 2.8 19.5h18.4L12 4Z M12 10v4.2 M12 16.9v.1',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M12 11v5 M12 7.9V8',
  'arrow-up': 'M12 19V5 M6 11l6-6 6 6',
  'arrow-down': 'M12 5v14 M6 13l6 6 6-6',
  'arrow-right': 'M5 12h14 M13 6l6 6-6 6',
  'arrow-left': 'M19 12H5 M11 6l-6 6 6 6',
  'chevron-right': 'M9.5 6l6 6-6 6',
  'chevron-down': 'M6 9.5l6 6 6-6',
  sort: 'M8 10l4-4 4 4 M8 14l4 4 4-4',
  wave: 'M3 13c2-5 4-5 6 0s4 5 6 0 4-5 6 0',
  dots: 'M6 12v.1 M12 12v.1 M18 12v.1',
  lock: 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  building: 'M5 20V5h9v15 M14 10h5v10 M3.5 20h17 M8 9h3 M8 12.5h3 M8 16h3',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11Z M3 19c.4-3.3 2.8-5 6-5s5.6 1.7 6 5 M16 5.1a3.2 3.2 0 0 1 0 5.8 M17.5 14.3c2 .6 3.2 2.2 3.5 4.7',
  person: 'M12 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2Z M5 20c.5-3.6 3.2-5.5 7-5.5s6.5 1.9 7 5.5',
  globe:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M3 12h18 M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3Z',
  search: 'M10.8 4a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6Z M15.8 15.8 20.5 20.5',
  appearance: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M12 3v18 M12 7.5l5.5 0 M12 12h9 M12 16.5h5.5',
  leave: 'M14 4H5v16h9 M10 12h10.5 M17 8.5l3.5 3.5-3.5 3.5',
  plus: 'M12 5v14 M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5 M20 9V4h-5 M4 15v5h5 M20 15v5h-5 M9 9.5h6v5H9z',
  large: 'M14 4h6v6 M20 4l-7 7 M10 20H4v-6 M4 20l7-7',
  download: 'M12 4v11 M7 10.5l5 5 5-5 M4.5 20h15',
  upload: 'M12 16V5 M7 9.5l5-5 5 5 M4.5 20h15',
  pencil: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20Z M14 6.5l3.5 3.5',
  history: 'M4 5v4.5h4.5 M4.5 9.5A8.3 8.3 0 1 1 3.7 13 M12 8v4.5l3 1.8',
  target: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z M12 12v.1',
  flag: 'M6 21V4 M6 5h12l-2.5 4 2.5 4H6',
  thread:
    'M6 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z M6 6.5v9a3 3 0 0 0 3 3h7 M6 10.5h10 M18 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z M18 20.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  calendar: 'M4 6h16v14H4z M4 10.5h16 M8.5 3.5v4 M15.5 3.5v4',
  document: 'M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6',
  chart: 'M4 4v16h16 M7.5 15l3.5-4 3 2.5L19 8',
} as const

export type IconName = keyof typeof shapes

/** The strokes of an icon, for pictures that draw it themselves. */
export const iconShape = (name: IconName): string => shapes[name]

/** Arrows that mean forward and back; they are mirrored on right-to-left pages. */
const turning: ReadonlySet<string> = new Set(['arrow-right', 'arrow-left', 'chevron-right', 'leave', 'thread', 'chart'])

/** An icon that says nothing by itself: the word next to it does. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class="cw-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
      data-turns={turning.has(name) ? '' : undefined}
    >
      <path d={shapes[name]} />
    </svg>
  )
}

/** The product's logo: many lines that meet in one point. */
export function Emblem() {
  return (
    <svg viewBox="0 0 36 36" aria-hidden="true" focusable="false">
      <rect width="36" height="36" rx="8" fill="#0c5465" />
      <path d={emblemLines} fill="none" stroke="#ffffff" stroke-width="2.4" stroke-linecap="round" />
      <circle cx="26.5" cy="18" r="3.2" fill="#f4c27d" />
    </svg>
  )
}

const emblemLines = 'M8 9c7 0 9 9 15 9 M8 18h15 M8 27c7 0 9-9 15-9'

/** The same logo as a data address, for `<link rel="icon">`. */
export const emblemAddress = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="8" fill="#0c5465"/><path d="${emblemLines}" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/><circle cx="26.5" cy="18" r="3.2" fill="#f4c27d"/></svg>`,
)}`
