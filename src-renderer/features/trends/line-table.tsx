import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { TrendAnswer, TrendLine } from '#shared/domain/trend.ts';
import { lineName } from '../../charts/figures/trend.ts';
import { formatValue } from '../../model/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import type { Status } from '../../model/status.ts';

const ROW = 26;

/** How far the last value is from the line's median, in its scatter; null where that means nothing. */
function departure({ summary: { last, median, scatter } }: TrendLine): number | null {
  return last === null || median === null || scatter === null || scatter === 0 ? null : (last - median) / scatter;
}

function statusOf({ summary }: TrendLine): Status {
  if (summary.alarms > 0) return 'alarm';
  if (summary.warnings > 0) return 'warning';
  return summary.unknown > 0 ? 'unknown' : 'normal';
}

/** Worst first: alarms, warnings, then those whose last value departs most from their own habit. */
function ordered(lines: readonly TrendLine[]): number[] {
  const rank = ({ summary }: TrendLine): number => summary.alarms * 1e6 + summary.warnings * 1e3;
  return lines
    .map((line, i) => ({ i, rank: rank(line), off: Math.abs(departure(line) ?? 0) }))
    .sort((a, b) => b.rank - a.rank || b.off - a.off)
    .map(({ i }) => i);
}

const COLUMNS = [
  'Line',
  'Numbers',
  'Median',
  'Scatter',
  'Lowest',
  'Highest',
  'Last',
  'Last, in scatters',
  'Warnings',
  'Alarms',
];

/** Every line in numbers, worst first; the one that is pointed at is drawn before the others. */
export function LineTable({
  answer,
  focus,
  pointed,
  onPoint,
  onFocus,
}: {
  answer: TrendAnswer;
  focus: number | null;
  pointed: number | null;
  onPoint: (line: number | null) => void;
  onFocus: (line: number) => void;
}) {
  const order = useMemo(() => ordered(answer.lines), [answer]);
  const scroller = useRef<HTMLDivElement>(null);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  return (
    <Panel title="Lines" note="worst first" className="line-table">
      <ScrollRegion ref={scroller} role="table" label="Lines in numbers" className="scrolling">
        <div className="line-head" role="row">
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const at = order[index] ?? 0;
            const line = answer.lines[at];
            if (!line) return null;
            const { summary } = line;
            const off = departure(line);
            return (
              <div
                key={at}
                role="row"
                tabIndex={-1}
                aria-selected={at === focus}
                className={`line-row${at === focus ? ' on' : ''}${at === pointed ? ' pointed' : ''}`}
                data-line={`${line.camera}${line.label}`}
                style={{ transform: `translateY(${start}px)` }}
                onPointerEnter={() => {
                  onPoint(at);
                }}
                onPointerLeave={() => {
                  onPoint(null);
                }}
                onClick={() => {
                  onFocus(at);
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') onFocus(at);
                }}
              >
                <span role="rowheader">
                  <StatusGlyph status={statusOf(line)} size={12} />
                  <b>{lineName(line)}</b>
                </span>
                {[summary.count, summary.median, summary.scatter, summary.low, summary.high, summary.last, off].map(
                  (value, i) => (
                    <span key={COLUMNS[i + 1]} role="cell">
                      {i === 6
                        ? value === null
                          ? '\u2013'
                          : `${value > 0 ? '+' : ''}${formatValue(Number(value.toFixed(1)))}`
                        : formatValue(value)}
                    </span>
                  ),
                )}
                <span role="cell">{summary.warnings === 0 ? '\u2013' : summary.warnings}</span>
                <span role="cell">{summary.alarms === 0 ? '\u2013' : summary.alarms}</span>
              </div>
            );
          })}
        </div>
      </ScrollRegion>
    </Panel>
  );
}
