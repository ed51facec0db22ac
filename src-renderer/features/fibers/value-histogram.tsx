import { useMemo } from 'react';
import { scaleColors } from '../../charts/canvas/plane-drawing.ts';
import { numberTicks } from '../../charts/canvas/ticks.ts';
import { useSize } from '../../charts/canvas/canvas-layer.tsx';
import type { ChartTheme } from '../../charts/figure.ts';
import { stepOf, STEPS, type ColorScale } from '../../model/color-scale.ts';
import type { FiberField } from '../../model/fiber-field.ts';
import { formatLimit } from '../../model/format.ts';
import { histogramOf } from '../../model/histogram.ts';

const BINS = 36;
const FRAME = { left: 34, right: 10, top: 16, bottom: 22 };

/** How far the axis reaches beyond the colours, so that what is off is still seen. */
function axisOf(values: readonly number[], { low, high }: ColorScale, limits: readonly number[]): [number, number] {
  const half = (high - low) / 2 || 1;
  const least = Math.min(...values, low, ...limits);
  const most = Math.max(...values, high, ...limits);
  return [Math.max(least, low - half), Math.min(most, high + half)];
}

/** All values in bins of a root scale, the chosen ones outlined over them, with the limits as dashed lines. */
export function ValueHistogram({
  field,
  scale,
  selected,
  theme,
}: {
  field: FiberField;
  scale: ColorScale;
  selected: readonly number[];
  theme: ChartTheme;
}) {
  const [measure, { width, height }] = useSize();
  const { values, states, limits, metric } = field;
  const bins = useMemo(() => {
    const all = [...values].filter((value, i) => Number.isFinite(value) && states[i] === 'value');
    const chosen = selected.flatMap((fiber) => (states[fiber] === 'value' ? [values[fiber] ?? NaN] : []));
    const [low, high] = axisOf(all, scale, limits);
    return {
      low,
      high,
      all: histogramOf(all, low, high, BINS),
      chosen: histogramOf(chosen, low, high, BINS),
      count: all.length,
    };
  }, [values, states, selected, scale, limits]);
  const { low, high, all, chosen, count } = bins;
  const most = Math.max(1, ...all.counts);
  const x = (value: number): number => FRAME.left + ((value - low) / (high - low)) * (width - FRAME.left - FRAME.right);
  const bottom = height - FRAME.bottom;
  const y = (n: number): number => bottom - Math.sqrt(n / most) * (bottom - FRAME.top);
  const colors = scaleColors(scale, theme);
  const bar = (n: number, i: number) => ({
    x: x(all.edges[i] ?? low) + 0.5,
    width: Math.max(1, x(all.edges[i + 1] ?? high) - x(all.edges[i] ?? low) - 1),
    y: y(n),
    height: Math.max(0, bottom - y(n)),
  });
  return (
    <div ref={measure} className="histogram">
      {width > 0 && high > low && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${metric.title}: ${count} values from ${formatLimit(low)} to ${formatLimit(high)}`}
        >
          {all.counts.map((n, i) => (
            <rect
              key={i}
              {...bar(n, i)}
              fill={colors[stepOf(scale, ((all.edges[i] ?? 0) + (all.edges[i + 1] ?? 0)) / 2)] ?? colors[STEPS - 1]}
            />
          ))}
          {selected.length > 0 &&
            chosen.counts.map((n, i) =>
              n > 0 ? <rect key={i} {...bar(n, i)} fill="none" stroke="var(--text-1)" strokeWidth="1" /> : null,
            )}
          {limits
            .filter((limit) => limit > low && limit < high)
            .map((limit) => (
              <g key={limit}>
                <line
                  x1={x(limit)}
                  x2={x(limit)}
                  y1={FRAME.top - 4}
                  y2={bottom}
                  stroke="var(--warn-line)"
                  strokeDasharray="4 3"
                />
                <text x={x(limit)} y={10} textAnchor="middle" fontSize="11" fill="var(--text-3)">
                  {formatLimit(limit)}
                </text>
              </g>
            ))}
          <line x1={FRAME.left} x2={width - FRAME.right} y1={bottom} y2={bottom} stroke="var(--line-3)" />
          <text x={FRAME.left - 5} y={FRAME.top + 4} textAnchor="end" fontSize="11" fill="var(--text-3)">
            {most}
          </text>
          <text x={FRAME.left - 5} y={bottom} textAnchor="end" fontSize="11" fill="var(--text-3)">
            0
          </text>
          {numberTicks([low, high], width / 80).map(({ at, text }) => (
            <text key={at} x={x(at)} y={height - 7} textAnchor="middle" fontSize="11" fill="var(--text-3)">
              {text}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}
