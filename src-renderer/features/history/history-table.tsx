import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { USUAL_OVERHEAD, type HistoryRow, type HistorySort, type SortColumn } from '#shared/domain/history.ts';
import type { Column } from '../../model/history-columns.ts';
import { formatDuration } from '../../model/format.ts';
import { HistoryCell, type RowActions } from './history-cells.tsx';
import type { HistoryRows } from './use-history-rows.ts';

const ROW = 32;
const GAP_ROW = 28;
/** Room between columns and at the sides, as in the style sheet. */
const COLUMN_GAP = 8;
const SIDE = 10;
/** Rows drawn beyond the edges. */
const OVERSCAN = 8;

/** A row of the table: an exposure, or one of its runs. */
export const rowId = (row: HistoryRow): string => `${row.expid} ${row.run?.id ?? ''}`;

function Head({
  columns,
  sort,
  onSort,
}: {
  columns: readonly Column[];
  sort: HistorySort;
  onSort: (column: SortColumn) => void;
}) {
  return (
    <div className="history-head history-line" role="row">
      <span role="columnheader" className="tick">
        <span className="hidden">Chosen</span>
      </span>
      {columns.map((column) => {
        const sorted = column.sort !== null && column.sort === sort.column;
        const direction = sort.descending ? ('descending' as const) : ('ascending' as const);
        const { sort: by } = column;
        return (
          <span
            key={column.id}
            role="columnheader"
            className={`c-${column.id}${column.numeric ? ' numeric' : ''}`}
            aria-sort={sorted ? direction : undefined}
          >
            {by === null ? (
              column.id === 'groups' ? (
                <span className="history-groups">
                  {column.title.split(' ').map((word) => (
                    <span key={word}>{word}</span>
                  ))}
                </span>
              ) : (
                column.title
              )
            ) : (
              <button
                type="button"
                title={`Sort by ${column.title}`}
                onClick={() => {
                  onSort(by);
                }}
              >
                {column.title}
                <i aria-hidden="true">{sorted ? (sort.descending ? '\u25be' : '\u25b4') : ''}</i>
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}

const Line = memo(function Line({
  row,
  columns,
  index,
  current,
  chosen,
  actions,
  onCurrent,
  onChoose,
}: {
  row: HistoryRow;
  columns: readonly Column[];
  index: number;
  current: boolean;
  chosen: boolean;
  actions: RowActions;
  onCurrent: (index: number) => void;
  onChoose: (row: HistoryRow, chosen: boolean) => void;
}) {
  const passedOver = row.status === 'superseded' || row.status === 'not-expected';
  return (
    // The grid itself takes the keys; a row is reached by its arrows.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`history-row-${index}`}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className={`history-line history-row ${row.status}${current ? ' on' : ''}${passedOver ? ' passed' : ''}`}
      data-expid={row.expid}
      data-run={row.run?.id}
      onClick={() => {
        onCurrent(index);
      }}
      onDoubleClick={() => {
        actions.open(row);
      }}
    >
      <span role="gridcell" className="tick">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={chosen}
          aria-label={`Choose ${row.expid}`}
          onClick={(event) => {
            event.stopPropagation();
          }}
          onChange={(event) => {
            onChoose(row, event.target.checked);
          }}
        />
      </span>
      {columns.map((column) => (
        <span role="gridcell" key={column.id} className={`c-${column.id}${column.numeric ? ' numeric' : ''}`}>
          <HistoryCell column={column} row={row} actions={actions} />
        </span>
      ))}
    </div>
  );
});

/** Time between this exposure and the one before it, when it is longer than readout and slew take. */
function gapOf(row: HistoryRow | undefined): number | null {
  return row && row.gap !== null && row.gap > USUAL_OVERHEAD ? row.gap : null;
}

function GapLine({ row, gap, night }: { row: HistoryRow; gap: number; night: string }) {
  const begin = Date.parse(`${row.dateObs ?? ''}Z`);
  const time = (ms: number): string => (Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(11, 16));
  return (
    <div className="history-gap" role="row">
      <span role="gridcell">
        <b>Gap {formatDuration(gap * 1000)}</b> no exposure{' '}
        {Number.isNaN(begin) ? `in ${night}` : `${time(begin - gap * 1000)} to ${time(begin)} UTC`}
      </span>
    </div>
  );
}

/** Thousands of rows of which only those in sight exist; arrows move, Enter opens, Space chooses. */
export function HistoryTable({
  rows,
  columns,
  sort,
  gaps,
  current,
  chosen,
  actions,
  onSort,
  onCurrent,
  onChoose,
  onRange,
}: {
  rows: HistoryRows;
  columns: readonly Column[];
  sort: HistorySort;
  /** Time between exposures is told. */
  gaps: boolean;
  current: number;
  chosen: ReadonlyMap<string, HistoryRow>;
  actions: RowActions;
  onSort: (column: SortColumn) => void;
  onCurrent: (index: number) => void;
  onChoose: (row: HistoryRow, chosen: boolean) => void;
  onRange: (first: number, last: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const total = rows.total ?? 0;
  const gapAt = (index: number): number | null => (gaps ? gapOf(rows.row(index)) : null);
  // React's compiler leaves this component alone: the virtualizer is a mutable object by design.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ROW + (gapAt(index) === null ? 0 : GAP_ROW),
    overscan: OVERSCAN,
    // The head lies over the first rows.
    paddingStart: 0,
    scrollPaddingStart: ROW,
  });
  const items = virtualizer.getVirtualItems();
  // A row that goes out of sight at one end comes in again at the other, with other words: a new one costs much more. All stay
  // where they are in the document, for the same reason; aria-rowindex tells their order.
  const slots = Math.max(items.length, Math.ceil((virtualizer.scrollRect?.height ?? 0) / ROW) + 2 * OVERSCAN + 2);
  const inSlots = [...items].sort((a, b) => (a.index % slots) - (b.index % slots));
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? first + 30;
  useEffect(() => {
    onRange(first, last);
  }, [onRange, first, last]);
  // Only now is it known which rows of a page have a gap before them.
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rows.version, gaps]);

  const go = (index: number): void => {
    const next = Math.min(Math.max(index, 0), total - 1);
    onCurrent(next);
    virtualizer.scrollToIndex(next);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const row = rows.row(current);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 2);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(current + 1),
      ArrowUp: () => go(current - 1),
      PageDown: () => go(current + page),
      PageUp: () => go(current - page),
      Home: () => go(0),
      End: () => go(total - 1),
      Enter: () => row && actions.open(row),
      ' ': () => row && onChoose(row, !chosen.has(rowId(row))),
    };
    const act = keys[event.key];
    if (!act || event.target !== event.currentTarget) return;
    event.preventDefault();
    act();
  };

  const width = columns.map((column) => (column.grows ? `minmax(${column.width}px, 1fr)` : `${column.width}px`));
  const least = columns.reduce((sum, column) => sum + column.width + COLUMN_GAP, 24 + 2 * SIDE);
  const template = {
    '--history-columns': `24px ${width.join(' ')}`,
    '--history-width': `${least}px`,
  } as React.CSSProperties;
  const olderFirst = sort.column === 'expid' || sort.column === 'night' ? !sort.descending : false;
  return (
    <div
      ref={scroller}
      className="history-table scrolling"
      role="grid"
      aria-label="Exposures"
      aria-rowcount={total + 1}
      aria-multiselectable="true"
      aria-activedescendant={items.some(({ index }) => index === current) ? `history-row-${current}` : undefined}
      tabIndex={0}
      data-scrolls=""
      style={template}
      onKeyDown={onKey}
    >
      <Head columns={columns} sort={sort} onSort={onSort} />
      <div className="history-body" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {inSlots.map(({ index, start, size }) => {
          const row = rows.row(index);
          const gap = gapAt(index);
          const line = row ? (
            <Line
              row={row}
              columns={columns}
              index={index}
              current={index === current}
              chosen={chosen.has(rowId(row))}
              actions={actions}
              onCurrent={onCurrent}
              onChoose={onChoose}
            />
          ) : (
            <div className="history-line history-row" role="row" aria-busy="true" />
          );
          const gapLine = row && gap !== null && <GapLine row={row} gap={gap} night={row.night} />;
          return (
            <div key={index % slots} className="history-item" role="presentation" style={{ top: start, height: size }}>
              {olderFirst && gapLine}
              {line}
              {!olderFirst && gapLine}
            </div>
          );
        })}
      </div>
    </div>
  );
}
