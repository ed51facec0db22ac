import { PERCENTILES, type ImageStatistics } from '#shared/domain/image.ts';
import { formatValue } from '../../model/format.ts';
import { Panel } from '../../ui/panel.tsx';

/** Numbers of the whole image; undefined pixels are counted, never passed over in silence. */
export function StatisticsPanel({ statistics, unit }: { statistics: ImageStatistics | null; unit: string }) {
  const values = statistics?.values ?? null;
  const median = values?.percentiles[PERCENTILES.indexOf(50)] ?? null;
  const rows: [string, string][] = [
    ['Median', formatValue(median)],
    ['Mean', formatValue(values?.mean ?? null)],
    ['Lowest, highest', values ? `${formatValue(values.min)}, ${formatValue(values.max)}` : '\u2013'],
    ['Undefined pixels', statistics ? String(statistics.undefined) : '\u2013'],
  ];
  return (
    <Panel title="Whole image" note={unit} className="statistics-panel">
      <dl className="pixel-facts">
        {rows.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
