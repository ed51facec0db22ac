import { useCallback, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { ImageStatistics } from '#shared/domain/image.ts';
import { CanvasLayer, useSize, type Draw } from '../../charts/canvas/canvas-layer.tsx';
import { colorAt } from '../../charts/ccd/color-maps.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import { transferred, type ValueRange } from '../../model/image-scale.ts';
import { formatValue } from '../../model/format.ts';
import { useView } from '../../store/context.tsx';

const BAR = 12;
/** Share of the shown values that an arrow key moves an end by. */
const KEY_STEP = 0.01;

/** The values that the histogram shows: those of most pixels, and the range with them. */
function extent(statistics: ImageStatistics | null, range: ValueRange): ValueRange {
  const known = statistics?.values?.histogram;
  const low = Math.min(range.low, known?.low ?? range.low);
  const high = Math.max(range.high, known?.high ?? range.high);
  const margin = (high - low) * 0.04;
  return { low: low - margin, high: high + margin };
}

/** How many pixels have which value, the colours below, and the two ends of the range to drag. */
export function ScaleBar({
  statistics,
  range,
  options,
  onRange,
}: {
  statistics: ImageStatistics | null;
  range: ValueRange;
  options: CcdOptions;
  onRange: (range: ValueRange) => void;
}) {
  const [measure, size] = useSize();
  const box = useRef<HTMLDivElement>(null);
  const theme = useView((view) => view.theme);
  const { map, inverse, transfer } = options;
  const shown = extent(statistics, range);
  const place = (value: number): number => (value - shown.low) / (shown.high - shown.low);
  const { low: shownLow, high: shownHigh } = shown;
  const { low, high } = range;
  const draw = useCallback<Draw>(
    (context, width, height) => {
      const style = getComputedStyle(document.documentElement);
      const span = shownHigh - shownLow;
      const known = statistics?.values?.histogram;
      context.clearRect(0, 0, width, height);
      context.fillStyle = style.getPropertyValue('--text-3');
      if (known) {
        const most = Math.log1p(Math.max(...known.counts));
        const binWidth = (known.high - known.low) / known.counts.length;
        known.counts.forEach((count, i) => {
          const x = ((known.low + i * binWidth - shownLow) / span) * width;
          const tall = most > 0 ? (Math.log1p(count) / most) * (height - BAR - 4) : 0;
          context.fillRect(x, height - BAR - 3 - tall, Math.max(0.6, (binWidth / span) * width), tall);
        });
      }
      for (let x = 0; x < width; x++) {
        const value = shownLow + ((x + 0.5) / width) * span;
        const share = (value - low) / (high - low);
        const [r, g, b] = colorAt(map, inverse, theme === 'red', transferred(transfer, share));
        context.fillStyle = `rgb(${r}, ${g}, ${b})`;
        context.fillRect(x, height - BAR, 1, BAR);
      }
    },
    [statistics, shownLow, shownHigh, low, high, map, inverse, transfer, theme],
  );

  const moveEnd = (end: 'low' | 'high', value: number): void => {
    const gap = (shown.high - shown.low) * 1e-4;
    onRange(
      end === 'low'
        ? { low: Math.min(value, range.high - gap), high: range.high }
        : { low: range.low, high: Math.max(value, range.low + gap) },
    );
  };
  const dragEnd = (end: 'low' | 'high') => (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !box.current) return;
    const { left, width } = box.current.getBoundingClientRect();
    moveEnd(end, shown.low + ((event.clientX - left) / width) * (shown.high - shown.low));
  };
  const keyEnd = (end: 'low' | 'high') => (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveEnd(end, range[end] + by * KEY_STEP * (shown.high - shown.low));
  };
  return (
    <div
      ref={(element) => {
        measure(element);
        box.current = element;
      }}
      className="scale-bar"
    >
      <CanvasLayer width={size.width} height={size.height} draw={draw} />
      {(['low', 'high'] as const).map((end) => (
        <div
          key={end}
          className={`scale-end ${end}`}
          role="slider"
          tabIndex={0}
          aria-label={end === 'low' ? 'Value of the first colour' : 'Value of the last colour'}
          aria-valuemin={shown.low}
          aria-valuemax={shown.high}
          aria-valuenow={range[end]}
          aria-valuetext={formatValue(range[end])}
          style={{ left: `${100 * place(range[end])}%` }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={dragEnd(end)}
          onKeyDown={keyEnd(end)}
        />
      ))}
    </div>
  );
}
