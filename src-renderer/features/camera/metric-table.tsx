import { memo, useEffect, useRef } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import { sparkOf } from '../../model/gauge.ts';
import type { MetricRow, MetricTable as Table } from '../../model/metric-rows.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { BulletGauge, Sparkline } from './bullet-gauge.tsx';
import { useAnswer } from './use-engine-data.ts';

/** Exposures in a row's history. */
export const HISTORY = 20;

function RowHistory({ camera, row, revision }: { camera: CameraName; row: MetricRow; revision: string }) {
  const { metric, key, element, bounds, status } = row;
  const request = key === '' ? null : { camera, metric, key, limit: HISTORY };
  const history = useAnswer('metric.history', request, revision);
  if (history.state !== 'ready' || element === null) return <span className="spark" />;
  const spark = sparkOf(
    history.value.map(({ values }) => values[element] ?? null),
    bounds?.normal ?? null,
  );
  return spark ? <Sparkline spark={spark} status={status} /> : <span className="spark" />;
}

const Row = memo(function Row({
  camera,
  row,
  revision,
  selected,
  onSelect,
}: {
  camera: CameraName;
  row: MetricRow;
  revision: string;
  selected: boolean;
  onSelect: (row: MetricRow) => void;
}) {
  const { label, unit, value, reference, gauge, status, sub } = row;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <div
      ref={element}
      role="row"
      aria-selected={selected}
      tabIndex={-1}
      className={`metric-row ${status}${sub ? ' sub' : ''}${selected ? ' on' : ''}`}
      data-metric={row.metric}
      data-key={row.key}
      onClick={() => {
        onSelect(row);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSelect(row);
      }}
    >
      <span role="cell">
        <StatusGlyph status={status} size={sub ? 12 : 14} />
      </span>
      <span role="rowheader" className="metric-name">
        {label} {unit !== '' && <small>{unit}</small>}
      </span>
      <b role="cell">{value}</b>
      <span role="cell" className="reference">
        {reference}
      </span>
      <span role="cell">
        {gauge && <BulletGauge gauge={gauge} status={status} label={`${value} against ${reference}`} />}
      </span>
      <span role="cell">{row.key !== '' && <RowHistory camera={camera} row={row} revision={revision} />}</span>
    </div>
  );
});

/** Every measurement of a camera by what it tests, with limits and recent history in one line each. */
export function MetricTable({
  camera,
  tables,
  selectedId,
  revisions,
  onSelect,
}: {
  camera: CameraName;
  tables: readonly Table[];
  selectedId: string | undefined;
  /** Metric → what changes when it is posted again, and its history with it. */
  revisions: ReadonlyMap<string, string>;
  onSelect: (row: MetricRow) => void;
}) {
  return (
    <ScrollRegion role="table" label={`Measurements of ${camera}`} className="metric-table">
      <div className="metric-head" role="row">
        <span role="columnheader">
          <span className="hidden">Status</span>
        </span>
        <span role="columnheader">Metric</span>
        <span role="columnheader">Value</span>
        <span role="columnheader">Ref, normal, warn</span>
        <span role="columnheader">Against limits</span>
        <span role="columnheader">Last {HISTORY}</span>
      </div>
      {tables.map(({ group, title, status, summary, rows }) => (
        <div role="rowgroup" key={group}>
          <div className="metric-group" role="row">
            <span role="cell">
              <StatusGlyph status={status} size={14} />
              {title}
              <small>{summary}</small>
            </span>
          </div>
          {rows.map((row) => (
            <Row
              key={row.id}
              camera={camera}
              row={row}
              revision={revisions.get(row.metric) ?? ''}
              selected={row.id === selectedId}
              onSelect={onSelect}
            />
          ))}
        </div>
      ))}
    </ScrollRegion>
  );
}
