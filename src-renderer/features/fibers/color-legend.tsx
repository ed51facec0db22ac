import { scaleColors } from '../../charts/canvas/plane-drawing.ts';
import type { ChartTheme } from '../../charts/figure.ts';
import type { ColorScale } from '../../model/color-scale.ts';
import type { FiberField } from '../../model/fiber-field.ts';
import { formatLimit, formatValue } from '../../model/format.ts';
import { TypedText } from '../../ui/typed-text.tsx';

/** A number that fits beside the scale: '0.3', '6.9e5'. */
function short(value: number): string {
  const text = formatLimit(value);
  return text.length > 6 ? formatValue(Number(value.toPrecision(2))) : text;
}

/** An end of the colour scale, to be changed by typing. */
function End({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <TypedText
      label={label}
      title={`${label}: type a number`}
      numeric="decimal"
      value={short(value)}
      onChange={(text) => {
        const next = Number(text.replaceAll('\u2212', '-'));
        if (Number.isFinite(next)) onChange(next);
      }}
    />
  );
}

/** The colours of the scale with their ends, and the marks of fibers without a value. */
export function ColorLegend({
  field,
  scale,
  changed,
  theme,
  onScale,
}: {
  field: FiberField;
  scale: ColorScale;
  changed: boolean;
  theme: ChartTheme;
  /** null: back to the ends that follow from the limits and the values. */
  onScale: (scale: ColorScale | null) => void;
}) {
  const { metric, choice, states } = field;
  const dead = states.filter((state) => state === 'dead').length;
  const middle = (scale.low + scale.high) / 2;
  const relative =
    choice !== 'worst' || metric.scale === 'flag'
      ? ''
      : metric.scale === 'low' || metric.scale === 'high'
        ? ', relative to the middle of its arm'
        : ', in units of the limit';
  return (
    <div className="legend-box">
      {metric.scale !== 'flag' && (
        <div className="scale">
          <span className="what">
            {metric.title}
            {relative}
          </span>
          <span className="color-steps">
            {scaleColors(scale, theme).map((color, i) => (
              <i key={i} style={{ background: color }} />
            ))}
          </span>
          <span className="ends">
            <End
              label="Low end of the colours"
              value={scale.low}
              onChange={(low) => {
                if (low < scale.high) onScale({ ...scale, low });
              }}
            />
            {changed ? (
              <button
                type="button"
                className="button small ghost"
                onClick={() => {
                  onScale(null);
                }}
              >
                Auto
              </button>
            ) : (
              <span>{scale.kind === 'diverging' ? formatLimit(middle) : ''}</span>
            )}
            <End
              label="High end of the colours"
              value={scale.high}
              onChange={(high) => {
                if (high > scale.low) onScale({ ...scale, high });
              }}
            />
          </span>
        </div>
      )}
      <ul className="marks">
        <li>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d="m2 2 8 8M10 2 2 10" stroke="var(--fault-solid)" strokeWidth="2.2" />
          </svg>
          <b>{dead}</b> {metric.name === 'good-psf' ? 'not fitted' : 'dead or broken'}
        </li>
        <li>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <circle cx="6" cy="6" r="3" fill="none" stroke="var(--line-3)" strokeWidth="1.4" />
          </svg>
          not measured
        </li>
      </ul>
    </div>
  );
}
