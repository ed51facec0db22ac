import type { ReactNode } from 'react';
import { useRoom } from '../../store/context.tsx';
import { LateNote } from '../../ui/late-note.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** In the place of a plot: what is wrong, why, and what to do; blank while it comes. */
export function PlotState({
  loading,
  error,
  empty,
  children,
}: {
  loading: boolean;
  error: string;
  empty: string;
  children: ReactNode;
}) {
  const seen = useRoom((state) => (state.room?.exposures.length ?? 0) > 0);
  if (loading)
    return (
      <div className="plot-frame state" aria-busy="true">
        <LateNote title="Reading the numbers" />
      </div>
    );
  return (
    <div className="plot-frame state">
      {error !== '' ? (
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="This could not be read">
          {error}
        </StateNote>
      ) : seen ? (
        <StateNote glyph={<StatusGlyph status="unknown" size={16} named />} title={empty}>
          {children}
        </StateNote>
      ) : (
        <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="No exposure yet">
          Numbers appear here as soon as the first exposure is judged.
        </StateNote>
      )}
    </div>
  );
}
