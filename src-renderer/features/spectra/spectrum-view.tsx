import { useMemo } from 'react';
import { chartTheme } from '../../charts/chart-theme.ts';
import type { SpectrumPicture } from '../../charts/canvas/spectrum-drawing.ts';
import { linesOf } from '../../model/lines.ts';
import { useView } from '../../store/context.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { LateNote } from '../../ui/late-note.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useShownExposure } from '../monitor/use-verdict.ts';
import { SpectrumPlot, type WaveRange } from './spectrum-plot.tsx';
import type { ShownSpectra } from './use-spectra.ts';
import './spectra.css';

/** The plot of the spectra, or why there is none. */
export function SpectrumView({
  spectra,
  fiber,
  range,
  onRange,
}: {
  spectra: ShownSpectra;
  fiber: number;
  range: WaveRange | null;
  onRange: (range: WaveRange | null) => void;
}) {
  const themeName = useView((view) => view.theme);
  const theme = useMemo(() => chartTheme(themeName), [themeName]);
  const marked = useView((view) => view.fibers.lines);
  const flavor = useShownExposure()?.flavor ?? '';
  const { layers, whole, flux, quantity, unit, ratio, state, error, notes } = spectra;
  const picture = useMemo((): SpectrumPicture | null => {
    const shown = range ?? whole;
    if (!shown) return null;
    return {
      layers,
      range: shown,
      flux: flux(shown),
      lines: marked ? linesOf(flavor) : [],
      yTitle: quantity,
      ratio,
    };
  }, [layers, range, whole, flux, marked, flavor, quantity, ratio]);
  if (state === 'loading' && !picture)
    return (
      <div className="plot-state" aria-busy="true">
        <LateNote title="Reading the spectra" />
      </div>
    );
  if (!picture || !whole) {
    return (
      <div className="plot-state">
        <StateNote
          glyph={<StatusGlyph status={state === 'error' ? 'failed' : 'unknown'} size={16} named />}
          title={`No spectrum of fiber ${fiber}`}
        >
          {error !== '' ? error : notes.join('; ')}
        </StateNote>
      </div>
    );
  }
  return (
    <SpectrumPlot
      picture={picture}
      whole={whole}
      theme={theme}
      label={`${quantity} of fiber ${fiber}, ${unit}, ${Math.round(picture.range[0])} to ${Math.round(picture.range[1])} \u00c5`}
      onRange={onRange}
    />
  );
}
