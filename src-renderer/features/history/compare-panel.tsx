import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ARMS, CAMERAS, SPECTROGRAPHS, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { HistoryRow } from '#shared/domain/history.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import { compareRuns, type Difference, type KeyDifference } from '../../model/compare-runs.ts';
import { fixed, formatValue, unitText } from '../../model/format.ts';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import '../../ui/virtual-list.css';

/** Heights of the list's lines and of its head, px, as in the style sheet. */
const ROW = 28;
const HEAD = 26;

/** A change in units of the limits, as a word and a strength from 0 to 4 for the map. */
function strength(size: number | null): number {
  if (size === null) return 0;
  if (size === Infinity) return 4;
  return size < 0.1 ? 0 : size < 0.33 ? 1 : size < 0.66 ? 2 : size < 1 ? 3 : 4;
}

const signed = (change: number | null): string =>
  change === null ? 'only in one' : change > 0 ? `+${formatValue(change)}` : formatValue(change);

/** The runs' own numbers, oldest exposure first whatever the order of choosing. */
function useRuns(pair: [HistoryRow, HistoryRow]): { a: RunDetail; b: RunDetail } | string | null {
  const [first, second] = pair;
  const a = useAnswer('run.get', { runId: first.run?.id ?? 0 }, '');
  const b = useAnswer('run.get', { runId: second.run?.id ?? 0 }, '');
  if (a.state === 'error') return a.message;
  if (b.state === 'error') return b.message;
  return a.state === 'ready' && b.state === 'ready' ? { a: a.value, b: b.value } : null;
}

function Side({ letter, row }: { letter: string; row: HistoryRow }) {
  const words = [row.night, row.program ?? row.flavor, row.tileid === null ? '' : `tile ${String(row.tileid)}`];
  const facts = [
    row.exptime === null ? '' : `${fixed(row.exptime, 0)} s`,
    row.airmass === null ? '' : `airmass ${fixed(row.airmass, 2)}`,
    row.seeing === null ? '' : `seeing ${fixed(row.seeing, 2)}\u2033`,
    typeof row.run?.sky === 'number' ? `sky r ${fixed(row.run.sky, 1)}` : '',
  ];
  return (
    <section className="compare-side" aria-label={`Exposure ${letter}`}>
      <b className="compare-letter">{letter}</b>
      <StatusGlyph status={row.run?.status ?? row.status} size={22} />
      <div>
        <h2>
          {expid8(row.expid)} <small>run {row.run?.id}</small>
        </h2>
        <p>{[...words, ...facts].filter((word) => word !== '').join(', ')}</p>
        <p title={row.run?.finding}>{row.run?.finding === '' ? 'nothing off normal' : row.run?.finding}</p>
      </div>
    </section>
  );
}

function KeyMap({
  entry,
  chosen,
  onCamera,
}: {
  entry: KeyDifference;
  chosen: CameraName | null;
  onCamera: (camera: CameraName) => void;
}) {
  return (
    <div className="compare-key">
      <p>
        <b>{entry.words}</b> <small>{unitText(entry.unit)}</small>
        <span>{entry.largest === 0 ? 'no change' : `up to ${fixed(entry.largest * 100, 0)}% of its limits`}</span>
      </p>
      <div className="compare-cells">
        {ARMS.map((arm) =>
          SPECTROGRAPHS.map((spectrograph) => {
            const camera = `${arm}${spectrograph}` as const;
            const difference = entry.cameras.get(camera);
            const words = difference
              ? `${camera} ${difference.words}: ${formatValue(difference.a)} to ${formatValue(difference.b)}`
              : `${camera}: not measured`;
            return (
              <button
                type="button"
                key={camera}
                tabIndex={-1}
                className={`${difference ? `s${strength(difference.size)}` : 'none'}${camera === chosen ? ' on' : ''}`}
                title={words}
                aria-label={words}
                onClick={() => {
                  onCamera(camera);
                }}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

function DifferenceRow({ item, runs, top }: { item: Difference; runs: { a: number; b: number }; top: number }) {
  const openEvidence = useOpenEvidence();
  const open = (runId: number) => (): void => {
    void openEvidence({ screen: 'camera', runId, camera: item.camera, metricKey: item.key });
  };
  const value = (letter: string, number: number | null, status: Difference['statusA'], runId: number) => (
    <button
      type="button"
      className="compare-value"
      title={`Open ${item.camera} of ${letter}`}
      aria-label={`Open ${item.camera} of ${letter}, ${formatValue(number)}`}
      disabled={status === null}
      onClick={open(runId)}
    >
      {status && <StatusGlyph status={status} size={12} />}
      {status === null ? 'none' : formatValue(number)}
    </button>
  );
  return (
    <div
      className={`compare-row virtual-row s${strength(item.size)}`}
      role="row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <b role="rowheader">{item.camera}</b>
      <span role="cell" title={item.words}>
        {item.words} <small>{unitText(item.unit)}</small>
      </span>
      <span role="cell">{value('A', item.a, item.statusA, runs.a)}</span>
      <span role="cell">{value('B', item.b, item.statusB, runs.b)}</span>
      <span role="cell" className="numeric">
        {signed(item.change)}
      </span>
      <span role="cell" className="compare-size">
        <i style={{ width: `${Math.min(1, item.size ?? 0) * 100}%` }} />
        <span>{item.size === null ? '' : item.size === Infinity ? '' : `${fixed(item.size * 100, 0)}%`}</span>
      </span>
    </div>
  );
}

/** All differences below each other; only those in sight are drawn. */
function DifferenceTable({ items, runs }: { items: readonly Difference[]; runs: { a: number; b: number } }) {
  const region = useRef<HTMLDivElement>(null);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => region.current,
    estimateSize: () => ROW,
    scrollMargin: HEAD,
    overscan: 8,
  });
  return (
    <ScrollRegion ref={region} role="table" label="Differences" className="compare-table scrolling">
      <div className="compare-row head" role="row">
        <span role="columnheader">Camera</span>
        <span role="columnheader">Number</span>
        <span role="columnheader">A</span>
        <span role="columnheader">B</span>
        <span role="columnheader" className="numeric">
          B {'\u2212'} A
        </span>
        <span role="columnheader">Of its limit</span>
      </div>
      <div role="rowgroup" className="virtual-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          return item && <DifferenceRow key={key} item={item} runs={runs} top={start - HEAD} />;
        })}
      </div>
    </ScrollRegion>
  );
}

type Order = 'size' | 'metric';

/** Two exposures side by side: metric by metric, camera by camera, the largest differences first. */
export function ComparePanel({ pair, onClose }: { pair: [HistoryRow, HistoryRow]; onClose: () => void }) {
  const ordered = useMemo(
    () =>
      [...pair].sort((x, y) => x.expid - y.expid || (x.run?.id ?? 0) - (y.run?.id ?? 0)) as [HistoryRow, HistoryRow],
    [pair],
  );
  useEffect(() => {
    // Before the shell takes the key for the way to the monitor.
    const back = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    window.addEventListener('keydown', back, true);
    return () => {
      window.removeEventListener('keydown', back, true);
    };
  }, [onClose]);
  const runs = useRuns(ordered);
  const [camera, setCamera] = useState<CameraName | null>(null);
  const [order, setOrder] = useState<Order>('size');
  const comparison = useMemo(
    () => (runs !== null && typeof runs === 'object' ? compareRuns(runs.a, runs.b) : null),
    [runs],
  );
  const shown = useMemo(() => {
    const own = (comparison?.differences ?? []).filter((item) => camera === null || item.camera === camera);
    if (order === 'size') return own;
    const keys = (comparison?.keys ?? []).map(({ key }) => key);
    return [...own].sort(
      (x, y) => keys.indexOf(x.key) - keys.indexOf(y.key) || CAMERAS.indexOf(x.camera) - CAMERAS.indexOf(y.camera),
    );
  }, [comparison, camera, order]);
  const [a, b] = ordered;
  return (
    <div className="compare">
      <h1 className="hidden">
        Exposures {expid8(a.expid)} and {expid8(b.expid)}
      </h1>
      <div className="compare-head panel">
        <Button small onClick={onClose} keys="Esc">
          <Icon name="left" size={14} />
          History
        </Button>
        <Side letter="A" row={a} />
        <Side letter="B" row={b} />
      </div>
      {typeof runs === 'string' && (
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The runs cannot be compared">
          {runs}
        </StateNote>
      )}
      <Panel title="By metric" note="B against A, 30 cameras: b, r, z by spectrograph" className="compare-map">
        <ScrollRegion role="region" label="Differences by metric" className="compare-keys scrolling">
          {(comparison?.keys ?? []).map((entry) => (
            <KeyMap
              key={`${entry.metric} ${entry.key}`}
              entry={entry}
              chosen={camera}
              onCamera={(next) => {
                setCamera(next === camera ? null : next);
              }}
            />
          ))}
        </ScrollRegion>
        <ul className="compare-legend" aria-label="Legend">
          {['below 10%', '10 to 33%', '33 to 66%', '66 to 100%', 'more, or in one only'].map((text, i) => (
            <li key={text}>
              <i className={`s${i}`} /> {text}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel
        title={camera === null ? 'Differences' : `Differences of ${camera}`}
        note="in units of the warning limit"
        className="compare-list"
        tools={
          <>
            {camera !== null && (
              <Button
                small
                kind="ghost"
                onClick={() => {
                  setCamera(null);
                }}
              >
                All cameras
              </Button>
            )}
            <Segmented<Order>
              label="Order"
              value={order}
              options={[
                { value: 'size', text: 'By size' },
                { value: 'metric', text: 'By metric' },
              ]}
              onChange={setOrder}
            />
          </>
        }
      >
        <DifferenceTable items={shown} runs={{ a: a.run?.id ?? 0, b: b.run?.id ?? 0 }} />
      </Panel>
    </div>
  );
}
