import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { FileLine } from '#shared/domain/log.ts';
import { lineTone } from '../../model/log-lines.ts';
import { lineTime, marked } from '../../model/log-view.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import type { LogFile } from './use-log-file.ts';
import './logs.css';

export const LINE = 18;
/** Rows of one element: beyond 8 million px browsers round places to two px and more, and lines would dance. */
export const MAX_ROWS = 400_000;

export interface Selection {
  from: number;
  to: number;
}

function Text({ line, search }: { line: FileLine; search: string }) {
  return (
    <span>
      {marked(line.text, search).map((piece, i) =>
        piece.match ? <mark key={i}>{piece.text}</mark> : <span key={i}>{piece.text}</span>,
      )}
    </span>
  );
}

function Columns({ line, search }: { line: FileLine; search: string }) {
  return (
    <>
      {line.at !== undefined && <s className="time">{lineTime(line)}</s>}
      <s className="level">{lineTone(line).word}</s>
      {line.source !== undefined && <s className="who">{line.camera ?? (line.source === 'monitor' ? 'dos' : 'qlf')}</s>}
      {line.source !== undefined && (
        <s className="about">{line.expid === null || line.expid === undefined ? '' : expid8(line.expid)}</s>
      )}
      <Text line={line} search={search} />
    </>
  );
}

/** The lines of a log, drawn as they come into sight; `base` is the row of the first one. */
export function LogLines({
  log,
  base,
  found,
  selection,
  search,
  goal,
  scroller,
  label = 'Lines of the log',
  onSelect,
}: {
  log: LogFile;
  base: number;
  /** Row that a search stands on. */
  found: number | null;
  selection: Selection | null;
  search: string;
  /** Row to bring into sight, once for each object. */
  goal: { row: number } | null;
  scroller: RefObject<HTMLDivElement | null>;
  label?: string;
  /** Absent: lines cannot be chosen. */
  onSelect?: (row: number, extend: boolean) => void;
}) {
  const rows = Math.max(0, Math.min(MAX_ROWS, log.facts.total - base));
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 24,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  const { want } = log;
  useEffect(() => {
    if (rows > 0) want(base + first, base + last + 1);
  }, [want, base, first, last, rows, log.facts.total]);
  const done = useRef<object | null>(null);
  useEffect(() => {
    if (!goal || done.current === goal || goal.row < base || goal.row - base >= rows) return;
    done.current = goal;
    virtual.scrollToIndex(goal.row - base, { align: 'center' });
  }, [goal, base, rows, virtual]);
  return (
    <ScrollRegion ref={scroller} role="log" label={label} className="lines log-file">
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {/* Rows stand one below another: placed singly, millions of pixels down, they would be rounded singly. */}
        <div className="log-rows" style={{ top: items[0]?.start ?? 0 }}>
          {items.map(({ index }) => {
            const row = base + index;
            const line = log.line(row);
            const chosen = selection && row >= selection.from && row <= selection.to;
            return (
              <div
                key={row}
                data-row={row}
                className={`log-line ${line ? lineTone(line).tone : 'info'}${row === found ? ' found' : ''}${chosen ? ' chosen' : ''}`}
              >
                {onSelect ? (
                  <button
                    type="button"
                    tabIndex={-1}
                    className="number"
                    aria-label={`Choose line ${line?.number ?? row + 1}`}
                    onClick={(event) => {
                      onSelect(row, event.shiftKey);
                    }}
                  >
                    {line?.number ?? ''}
                  </button>
                ) : (
                  <s className="number">{line?.number ?? ''}</s>
                )}
                {line && <Columns line={line} search={search} />}
              </div>
            );
          })}
        </div>
      </div>
    </ScrollRegion>
  );
}
