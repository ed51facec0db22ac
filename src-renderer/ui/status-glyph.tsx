import { memo, type ReactNode } from 'react';
import { STATUS_WORDS, type Status } from '../model/status.ts';

const SHAPES: Readonly<Record<Status, ReactNode>> = {
  alarm: (
    <>
      <rect x=".8" y=".8" width="14.4" height="14.4" rx="2.2" fill="var(--alarm-solid)" />
      <path d="M8 3.4v5.8" stroke="var(--on-alarm)" strokeWidth="2.3" />
      <circle cx="8" cy="12.1" r="1.4" fill="var(--on-alarm)" />
    </>
  ),
  warning: (
    <>
      <path
        d="M8 1.2 15.4 14.4H.6Z"
        fill="var(--warn-solid)"
        stroke="var(--warn)"
        strokeWidth="1.3"
        strokeLinejoin="round"
      />
      <path d="M8 5.6v4.4" stroke="var(--on-warn)" strokeWidth="1.9" />
      <circle cx="8" cy="12.2" r="1.15" fill="var(--on-warn)" />
    </>
  ),
  normal: <circle cx="8" cy="8" r="3.6" fill="var(--normal)" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.3" fill="none" stroke="var(--text-2)" strokeWidth="1.5" />
      <path d="M6 6.5c0-2.6 4.1-2.6 4.1 0 0 1.6-2.1 1.5-2.1 3" fill="none" stroke="var(--text-2)" strokeWidth="1.4" />
      <circle cx="8" cy="11.7" r=".95" fill="var(--text-2)" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="var(--accent)" strokeOpacity=".28" strokeWidth="2.4" />
      <path
        d="M8 2.4a5.6 5.6 0 1 1-5.2 7.7"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </>
  ),
  waiting: <circle cx="8" cy="8" r="4" fill="none" stroke="var(--text-3)" strokeWidth="1.4" />,
  failed: (
    <path d="m2.6 2.6 10.8 10.8M13.4 2.6 2.6 13.4" stroke="var(--fault-solid)" strokeWidth="3" strokeLinecap="round" />
  ),
  missing: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--fault)" strokeWidth="1.7" strokeDasharray="2.7 1.9" />
      <path d="M4 12 12 4" stroke="var(--fault)" strokeWidth="1.7" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--text-2)" strokeWidth="1.5" />
      <path d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6" stroke="var(--text-2)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  'not-expected': <path d="M3.5 8h9" stroke="var(--text-3)" strokeWidth="1.6" strokeLinecap="round" />,
  superseded: (
    <path d="M2.5 4.5 6.5 8l-4 3.5M8.5 4.5l4 3.5-4 3.5" fill="none" stroke="var(--text-3)" strokeWidth="1.6" />
  ),
  stale: (
    <path
      d="M3.5 1.8h9M3.5 14.2h9M4.6 2c0 4 6.8 8 6.8 12M11.4 2c0 4-6.8 8-6.8 12"
      fill="none"
      stroke="var(--warn)"
      strokeWidth="1.5"
    />
  ),
  acknowledged: (
    <>
      <rect x="1.6" y="1.6" width="12.8" height="12.8" rx="2" fill="none" stroke="var(--alarm)" strokeWidth="1.7" />
      <path d="m4.6 8.2 2.4 2.5 4.4-5.2" fill="none" stroke="var(--alarm)" strokeWidth="1.8" />
    </>
  ),
  shelved: (
    <>
      <rect
        x="1.6"
        y="1.6"
        width="12.8"
        height="12.8"
        rx="2"
        fill="none"
        stroke="var(--text-3)"
        strokeWidth="1.5"
        strokeDasharray="2.4 1.8"
      />
      <path d="M6 5v6M10 5v6" stroke="var(--text-3)" strokeWidth="1.8" />
    </>
  ),
  lost: (
    <path
      d="M5.5 5.5 3.8 7.2a3.1 3.1 0 0 0 4.4 4.4l.8-.8M10.5 10.5l1.7-1.7a3.1 3.1 0 0 0-4.4-4.4l-.8.8M2 2l12 12"
      fill="none"
      stroke="var(--fault)"
      strokeWidth="1.7"
    />
  ),
};

/**
 * A state as a shape. Its word is its accessible name, unless the word already stands beside it (`named`).
 */
export const StatusGlyph = memo(function StatusGlyph({
  status,
  size,
  named = false,
}: {
  status: Status;
  size: number;
  named?: boolean;
}) {
  const name = named ? { 'aria-hidden': true } : { role: 'img', 'aria-label': STATUS_WORDS[status] };
  return (
    <svg className={`glyph glyph-${status}`} width={size} height={size} viewBox="0 0 16 16" {...name}>
      {SHAPES[status]}
    </svg>
  );
});
