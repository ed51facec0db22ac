import { STATUS_WORDS, type Status } from '../model/status.ts';
import { StatusGlyph } from './status-glyph.tsx';

/** The shape of a verdict, to be read from afar: where all is normal a ring with a tick, which a small dot cannot say. */
export function VerdictGlyph({ status, size }: { status: Status; size: number }) {
  if (status !== 'normal') return <StatusGlyph status={status} size={size} />;
  return (
    <svg
      className="glyph glyph-normal"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-label={STATUS_WORDS.normal}
    >
      <circle cx="8" cy="8" r="6.9" fill="none" stroke="var(--normal)" strokeWidth="1.2" />
      <path
        d="m4.5 8.3 2.5 2.6 4.5-5.2"
        fill="none"
        stroke="var(--text-1)"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
