import type { LegendEntry } from '../../charts/figures/trend.ts';

const PATHS = {
  dot: 'M6 2.2a3.8 3.8 0 1 0 .01 0Z',
  square: 'M2.6 2.6h6.8v6.8H2.6Z',
  diamond: 'M6 1.4 10.6 6 6 10.6 1.4 6Z',
  triangle: 'M6 1.8 10.4 9.6H1.6Z',
} as const;

/** Names of the lines that have colours and marks of their own, and what else is to be known of the plot. */
export function Legend({ entries, note }: { entries: readonly LegendEntry[]; note: string }) {
  return (
    <p className="trend-legend">
      {entries.map(({ group, ink, shape, text }) => (
        <span key={group}>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d={PATHS[shape as keyof typeof PATHS]} fill={`var(--${ink})`} />
          </svg>
          {text}
        </span>
      ))}
      {note !== '' && <em>{note}</em>}
    </p>
  );
}
