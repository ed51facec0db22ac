import { memo } from 'react';
import type { Gauge, Spark } from '../../model/gauge.ts';
import type { Status } from '../../model/status.ts';

const WIDTH = 128;

function Marker({ x, status }: { x: number; status: Status }) {
  const edge = { stroke: 'var(--bg-1)', strokeWidth: 1.5 };
  if (status === 'alarm')
    return <rect x={x - 4.5} y="4.5" width="9" height="9" rx="1.4" fill="var(--alarm-solid)" {...edge} />;
  if (status === 'warning') {
    return <path d={`M${x} 3.2l5.4 10.4h-10.8Z`} fill="var(--warn-solid)" stroke="var(--warn)" strokeWidth="1" />;
  }
  if (status === 'normal') return <circle cx={x} cy="9" r="4" fill="var(--text-1)" {...edge} />;
  return <circle cx={x} cy="9" r="3.6" fill="var(--bg-1)" stroke="var(--text-2)" strokeWidth="1.6" />;
}

/** Value against its limits: filled band normal, dashed band warning, tick reference, marker in the shape of the status. */
export const BulletGauge = memo(function BulletGauge({
  gauge,
  status,
  label,
}: {
  gauge: Gauge;
  status: Status;
  label: string;
}) {
  const at = (share: number): number => 1 + share * (WIDTH - 2);
  const { warn, normal, value, reference } = gauge;
  return (
    <svg className="bullet" width={WIDTH} height="18" viewBox={`0 0 ${WIDTH} 18`} role="img" aria-label={label}>
      <rect x="1" y="8" width={WIDTH - 2} height="2" fill="var(--line-2)" />
      {warn && (
        <rect
          x={at(warn[0])}
          y="5"
          width={at(warn[1]) - at(warn[0])}
          height="8"
          rx="1"
          fill="none"
          stroke="var(--line-3)"
          strokeDasharray="2 2"
        />
      )}
      {normal && (
        <rect
          x={at(normal[0])}
          y="5"
          width={at(normal[1]) - at(normal[0])}
          height="8"
          rx="1"
          fill="var(--line-3)"
          opacity=".62"
        />
      )}
      <rect x={at(reference) - 0.75} y="2" width="1.5" height="14" fill="var(--text-2)" />
      {value !== null && <Marker x={at(value)} status={status} />}
    </svg>
  );
});

const SPARK = { width: 78, height: 20, margin: 3 };

/** Recent values over the normal band; the last point repeats the shape of its status. */
export const Sparkline = memo(function Sparkline({ spark, status }: { spark: Spark; status: Status }) {
  const x = (share: number): number => SPARK.margin + share * (SPARK.width - 2 * SPARK.margin);
  const y = (share: number): number => SPARK.height - SPARK.margin - share * (SPARK.height - 2 * SPARK.margin);
  const { runs, last, band } = spark;
  return (
    <svg className="spark" width={SPARK.width} height={SPARK.height} aria-hidden="true">
      {band && (
        <rect
          x="0"
          y={y(band[1])}
          width={SPARK.width}
          height={Math.max(1, y(band[0]) - y(band[1]))}
          fill="var(--text-3)"
          opacity=".13"
        />
      )}
      {runs.map((run, i) => (
        <polyline
          key={i}
          points={run.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ')}
          fill="none"
          stroke="var(--text-3)"
          strokeWidth="1.2"
        />
      ))}
      {last &&
        (status === 'alarm' ? (
          <rect x={x(last[0]) - 3} y={y(last[1]) - 3} width="6" height="6" fill="var(--alarm-solid)" />
        ) : status === 'warning' ? (
          <path d={`M${x(last[0])} ${y(last[1]) - 3.6}l3.6 6.6h-7.2Z`} fill="var(--warn-solid)" />
        ) : (
          <circle cx={x(last[0])} cy={y(last[1])} r="2.2" fill="var(--text-2)" />
        ))}
    </svg>
  );
});
