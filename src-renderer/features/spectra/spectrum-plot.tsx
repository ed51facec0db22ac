import { useCallback, useRef, useState, type PointerEvent } from 'react';
import { CanvasLayer, useSize, type Draw } from '../../charts/canvas/canvas-layer.tsx';
import {
  drawSpectrum,
  spectrumAxes,
  type SpectrumLayer,
  type SpectrumPicture,
} from '../../charts/canvas/spectrum-drawing.ts';
import type { ChartTheme } from '../../charts/figure.ts';
import { formatValue } from '../../model/format.ts';
import { valueAt } from '../../model/spectrum.ts';

export type WaveRange = readonly [number, number];

/** Narrowest look, Å. */
const NARROWEST = 20;
const CLICK_PX = 4;

/** A range moved inside the whole one, no narrower than can be looked at. */
export function within([from, to]: WaveRange, whole: WaveRange): WaveRange {
  const width = Math.min(whole[1] - whole[0], Math.max(NARROWEST, to - from));
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - width / 2, whole[0]), whole[1] - width);
  return [start, start + width];
}

/** A range made `factor` times as wide about a wavelength that stays in its place. */
export function zoomed([from, to]: WaveRange, about: number, factor: number, whole: WaveRange): WaveRange {
  const share = (about - from) / (to - from);
  const width = Math.min(whole[1] - whole[0], Math.max(NARROWEST, (to - from) * factor));
  const start = about - share * width;
  return within([start, start + width], whole);
}

function readings(layers: readonly SpectrumLayer[], wave: number): string[] {
  return layers.flatMap(({ name, curves }) =>
    curves.flatMap(({ arm, wavelength, flux, error }) => {
      const value = valueAt(wavelength, flux, wave);
      if (!Number.isFinite(value)) return [];
      const sigma = valueAt(wavelength, error, wave);
      const spread = Number.isFinite(sigma) ? ` \u00b1 ${formatValue(sigma)}` : '';
      return [`${name} ${arm}: ${formatValue(value)}${spread}`];
    }),
  );
}

/** Spectra over the wavelength: a drag looks closer, Shift and drag moves, the wheel does both, a double click shows the whole. */
export function SpectrumPlot({
  picture,
  whole,
  theme,
  label,
  onRange,
}: {
  picture: SpectrumPicture;
  whole: WaveRange;
  theme: ChartTheme;
  label: string;
  /** null: all of it. */
  onRange: (range: WaveRange | null) => void;
}) {
  const [measure, { width, height }] = useSize();
  const [hover, setHover] = useState<number | null>(null);
  const [selection, setSelection] = useState<readonly [number, number] | null>(null);
  const drag = useRef<{ start: number; range: WaveRange; moves: boolean } | null>(null);
  const axes = spectrumAxes(picture, width, height);
  const draw = useCallback<Draw>(
    (context, wide, high) => {
      drawSpectrum(context, picture, wide, high, theme);
    },
    [picture, theme],
  );
  const px = (event: PointerEvent<HTMLElement>): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const at = px(event);
    const { current } = drag;
    setHover(at >= axes.left && at <= axes.right ? at : null);
    if (!current) return;
    if (current.moves) {
      const off = ((at - current.start) / (axes.right - axes.left)) * (current.range[1] - current.range[0]);
      onRange(within([current.range[0] - off, current.range[1] - off], whole));
    } else if (Math.abs(at - current.start) > CLICK_PX) setSelection([current.start, at]);
  };
  const up = (): void => {
    drag.current = null;
    if (selection) {
      const [a, b] = [axes.wave(Math.min(...selection)), axes.wave(Math.max(...selection))];
      onRange(within([Math.max(a, picture.range[0]), Math.min(b, picture.range[1])], whole));
    }
    setSelection(null);
  };
  const wave = hover === null ? NaN : axes.wave(hover);
  const lines = hover === null ? [] : readings(picture.layers, wave);
  return (
    <div ref={measure} className="spectrum-plot">
      {/* The keys named beside the plot do by keyboard what the pointer does here. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="img"
        aria-label={label}
        className="surface"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { start: px(event), range: picture.range, moves: event.shiftKey || event.button === 1 };
        }}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => {
          setHover(null);
        }}
        onDoubleClick={() => {
          onRange(null);
        }}
        onWheel={(event) => {
          const about = axes.wave(event.clientX - event.currentTarget.getBoundingClientRect().left);
          onRange(zoomed(picture.range, about, Math.exp(event.deltaY * 0.0016), whole));
        }}
      >
        <CanvasLayer width={width} height={height} draw={draw} />
        {selection && (
          <div
            className="selection"
            style={{
              left: Math.min(...selection),
              width: Math.abs(selection[1] - selection[0]),
              top: axes.top,
              height: axes.bottom - axes.top,
            }}
          />
        )}
        {hover !== null && !selection && (
          <div className="crosshair" style={{ left: hover, top: axes.top, height: axes.bottom - axes.top }} />
        )}
      </div>
      {hover !== null && !selection && (
        <div
          className="hover-card"
          style={
            hover > width - 230
              ? { right: width - hover + 10, top: axes.top + 6 }
              : { left: hover + 10, top: axes.top + 6 }
          }
        >
          <b>{wave.toFixed(1)} Å</b>
          {lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </div>
      )}
    </div>
  );
}
