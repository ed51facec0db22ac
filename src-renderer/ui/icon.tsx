import { memo, type ReactNode } from 'react';

const SHAPES = {
  monitor: (
    <>
      <rect x="2.5" y="3" width="4" height="4" rx="1" />
      <rect x="8" y="3" width="4" height="4" rx="1" />
      <rect x="13.5" y="3" width="4" height="4" rx="1" />
      <rect x="2.5" y="8.5" width="4" height="4" rx="1" />
      <rect x="8" y="8.5" width="4" height="4" rx="1" />
      <rect x="13.5" y="8.5" width="4" height="4" rx="1" />
      <path d="M3 16.5h14" />
    </>
  ),
  camera: (
    <>
      <circle cx="10" cy="10" r="7" />
      <circle cx="10" cy="10" r="2.6" />
      <path d="M10 3v4.4M16 13.5l-3.8-2.2M4 13.5l3.8-2.2" />
    </>
  ),
  fibers: (
    <>
      <circle cx="10" cy="10" r="7.2" />
      <path
        d="M10 5.6v.1M6.6 7.2v.1M13.4 7.2v.1M5.6 10.6v.1M10 10v.1M14.4 10.6v.1M7.4 13.9v.1M12.6 13.9v.1"
        strokeWidth="2.2"
      />
    </>
  ),
  spectra: <path d="M2.5 15.5h3l1.8-4 1.6 3 2.2-11 1.9 9 1.6-3 1.4 6h1.5" />,
  ccd: (
    <>
      <rect x="3" y="3" width="14" height="14" rx="1.5" />
      <path d="M10 3v14M3 10h14M6 5.5c.6 3 .6 6 0 9M14 5.5c-.6 3-.6 6 0 9" />
    </>
  ),
  wedge: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 3v14M3.9 6.5l12.2 7M3.9 13.5l12.2-7" />
    </>
  ),
  test: (
    <>
      <path d="M7.5 3h5M8.4 3v5L3.9 15.4A1.1 1.1 0 0 0 4.8 17h10.4a1.1 1.1 0 0 0 .9-1.6L11.6 8V3" />
      <path d="M6.4 12h7.2" />
    </>
  ),
  settings: (
    <>
      <path d="M3 6h8M15 6h2M3 14h2M9 14h8" />
      <circle cx="13" cy="6" r="2" />
      <circle cx="7" cy="14" r="2" />
    </>
  ),
  logs: <path d="M3.5 4.5h13M3.5 8.2h9M3.5 11.8h11M3.5 15.5h6" />,
  trends: <path d="M2.5 15.5 7 10.5l3.2 2.6 6.3-7.6M13 5.2l3.6.2-.3 3.6M2.5 17.6h15" />,
  stop: <rect x="5" y="5" width="10" height="10" rx="1.5" fill="currentColor" />,
  start: <path d="M6 4.2v11.6L15.5 10Z" fill="currentColor" />,
  retry: <path d="M16 10a6 6 0 1 1-1.8-4.3M16.2 2.8v3.4h-3.4" />,
  expand: <path d="M12 3.5h4.5V8M8 16.5H3.5V12M16 4l-5 5M4 16l5-5" />,
  moon: <path d="M16 12.2A6.6 6.6 0 0 1 7.8 4a6.6 6.6 0 1 0 8.2 8.2Z" />,
  sun: (
    <>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2.6v2M10 15.4v2M2.6 10h2M15.4 10h2M4.8 4.8l1.4 1.4M13.8 13.8l1.4 1.4M15.2 4.8l-1.4 1.4M6.2 13.8l-1.4 1.4" />
    </>
  ),
  eye: (
    <>
      <path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5Z" />
      <circle cx="10" cy="10" r="2.3" />
    </>
  ),
  wall: (
    <>
      <rect x="2.5" y="4" width="15" height="9.5" rx="1.2" />
      <path d="M7 17h6M10 13.5V17" />
    </>
  ),
  alarm: (
    <path d="M10 2.8a4.6 4.6 0 0 1 4.6 4.6c0 4.6 1.9 5.6 1.9 5.6h-13s1.9-1 1.9-5.6A4.6 4.6 0 0 1 10 2.8ZM8.3 16a1.8 1.8 0 0 0 3.4 0" />
  ),
  sound: <path d="M3 8v4h3l4 3.4V4.6L6 8ZM13 7.2a4 4 0 0 1 0 5.6M15.2 5a7 7 0 0 1 0 10" />,
  muted: <path d="M3 8v4h3l4 3.4V4.6L6 8ZM13 8l4 4M17 8l-4 4" />,
  link: (
    <path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-.8.8M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l.8-.8" />
  ),
  history: (
    <>
      <rect x="3" y="4" width="14" height="13" rx="1.5" />
      <path d="M3 8h14M7 2.6v3M13 2.6v3M6.4 11h2M11.6 11h2M6.4 14h2" />
    </>
  ),
  report: (
    <>
      <path d="M5 2.8h7l3.4 3.4V17.2H5Z" />
      <path d="M12 2.8v3.6h3.4M7.6 10h5M7.6 13.4h5" />
    </>
  ),
  comment: <path d="M3 4h14v9.5H9.2L5.6 16.8v-3.3H3Z" />,
  flag: <path d="M5 17.5V3.2M5 4h9.5l-2.2 3.4 2.2 3.4H5" />,
  tick: <path d="m4 10.6 4 4L16 5.8" />,
  columns: (
    <>
      <rect x="3" y="4" width="14" height="12" rx="1.5" />
      <path d="M7.7 4v12M12.3 4v12" />
    </>
  ),
  save: <path d="M10 3v9M6.2 8.4 10 12.2l3.8-3.8M3.5 13.5v3h13v-3" />,
  print: (
    <>
      <path d="M6 7.5V3h8v4.5M6 14.5H3.2v-7h13.6v7H14" />
      <rect x="6" y="12" width="8" height="5" />
    </>
  ),
  left: <path d="M12 5 7 10l5 5" />,
  right: <path d="m8 5 5 5-5 5" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
} as const satisfies Record<string, ReactNode>;
export type IconName = keyof typeof SHAPES;

/** A line icon; always beside a word or inside a control that has a name. */
export const Icon = memo(function Icon({ name, size }: { name: IconName; size: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
});
