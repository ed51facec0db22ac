import { useCallback } from 'react';
import { CanvasLayer, useSize, type Draw } from '../../charts/canvas/canvas-layer.tsx';
import { envelopeOf } from '../../model/envelope.ts';
import type { ValueRange } from '../../model/image-scale.ts';
import { toImage, toScreen, type ImageView, type Size } from '../../model/image-view.ts';
import { useView } from '../../store/context.tsx';

/** px for the name of the strip. */
const HEAD = 16;

/** The values along a row or a column, beside the part of the image that is on screen, over the range of the colours. */
export function ProfileStrip({
  axis,
  values,
  at,
  name,
  looked,
  binning,
  range,
}: {
  axis: 'row' | 'column';
  values: Float64Array | null;
  /** Pixel that is pointed at. */
  at: number;
  name: string;
  looked: { view: ImageView; screen: Size } | null;
  binning: number;
  range: ValueRange | null;
}) {
  const [box, size] = useSize();
  const theme = useView((view) => view.theme);
  const draw = useCallback<Draw>(
    (context, width, height) => {
      const style = getComputedStyle(document.documentElement);
      const token = (token: string): string => style.getPropertyValue(`--${token}`).trim();
      context.clearRect(0, 0, width, height);
      if (!values || !looked || !range) return;
      const { view, screen } = looked;
      const isRow = axis === 'row';
      const length = isRow ? screen.width : screen.height;
      const across = (isRow ? height : width) - HEAD - 4;
      const [x0, y0] = toImage(view, screen, 0, 0);
      const step = 1 / (view.zoom * binning);
      const { low, high } = envelopeOf(values, (isRow ? x0 : y0) / binning, isRow ? step : -step, length);
      // The colours' range is the middle half; what is beyond has room too.
      const span = range.high - range.low;
      const place = (value: number): number => {
        const share = (value - (range.low - span / 2)) / (2 * span);
        return Math.min(1, Math.max(0, share)) * across;
      };
      const bar = (i: number, from: number, to: number): void => {
        const [a, b] = [place(from), place(to)];
        const thick = Math.max(1.2, b - a);
        if (isRow) context.fillRect(i, height - 2 - a - thick, 1, thick);
        else context.fillRect(2 + a, i, thick, 1);
      };
      context.fillStyle = token('line-1');
      for (const edge of [range.low, range.high]) {
        if (isRow) context.fillRect(0, height - 2 - place(edge), length, 1);
        else context.fillRect(2 + place(edge), 0, 1, length);
      }
      context.fillStyle = token('text-2');
      for (let i = 0; i < length; i++) {
        const from = low[i] ?? NaN;
        if (!Number.isFinite(from)) continue;
        // Joined to its neighbour, so that steep rises are lines.
        const before = high[i - 1];
        const bottom = before !== undefined && before < from ? before : from;
        bar(i, bottom, high[i] ?? from);
      }
      context.fillStyle = token('d1');
      const middle = (at + 0.5) * binning;
      const [px, py] = toScreen(view, screen, middle, middle);
      if (isRow) context.fillRect(Math.round(px), HEAD, 1, height - HEAD);
      else context.fillRect(0, Math.round(py), width - HEAD, 1);
    },
    // The colours come with the theme.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [axis, values, at, looked, binning, range, theme],
  );
  return (
    <div ref={box} className={`profile ${axis}`} role="img" aria-label={`${name}: profile`}>
      <CanvasLayer width={size.width} height={size.height} draw={draw} />
      <span aria-hidden="true">{name}</span>
    </div>
  );
}
