import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileLine, LogFileFloor, LogPageAnswer, LogTarget } from '#shared/domain/log.ts';
import type { Bridge } from '../../bridge.ts';
import { useApp } from '../../store/context.tsx';

/** Rows asked for at once. */
const PAGE = 200;
/** Pages kept: the screen shows one or two. */
const KEPT = 60;
const GROWING_MS = 1000;
const UNFINISHED_MS = 60;

type Facts = Pick<LogPageAnswer, 'total' | 'warnings' | 'errors' | 'bytes' | 'read' | 'complete'>;
const NO_FACTS: Facts = { total: 0, warnings: 0, errors: 0, bytes: 0, read: 0, complete: false };

export interface LogFile {
  /** Changes with the file and the level: rows of another are other lines. */
  id: string;
  facts: Facts;
  /** The first answer has not come yet. */
  loading: boolean;
  /** Why it cannot be read; empty otherwise. */
  error: string;
  /** A row's line; undefined until it has come. */
  line: (row: number) => FileLine | undefined;
  /** Asks for the rows that are in sight. */
  want: (from: number, to: number) => void;
}

interface Pages {
  id: string;
  lines: Map<number, readonly FileLine[]>;
  asked: Set<number>;
}

/** The rows [from, to) of a log, however many. */
export async function readRows(
  bridge: Bridge,
  target: LogTarget,
  floor: LogFileFloor,
  from: number,
  to: number,
): Promise<FileLine[]> {
  const lines: FileLine[] = [];
  while (from + lines.length < to) {
    const limit = Math.min(1000, to - from - lines.length);
    const answer = await bridge.call('log.page', { target, floor, offset: from + lines.length, limit });
    if (!answer.ok || answer.value.lines.length === 0) break;
    lines.push(...answer.value.lines);
  }
  return lines;
}

/** A log file of any length: how long it is now, and the lines that are looked at. Read on while `growing`. */
export function useLogFile(target: LogTarget | null, floor: LogFileFloor, growing: boolean): LogFile {
  const { bridge } = useApp();
  const id = target === null ? '' : JSON.stringify([target, floor]);
  const [state, setState] = useState<{ id: string; facts: Facts; error: string }>({
    id: '',
    facts: NO_FACTS,
    error: '',
  });
  const [, setArrived] = useState(0);
  const pages = useRef<Pages>({ id: '', lines: new Map(), asked: new Set() });
  const total = useRef(0);

  useEffect(() => {
    pages.current = { id, lines: new Map(), asked: new Set() };
    total.current = 0;
    if (id === '') return;
    const [of, level] = JSON.parse(id) as [LogTarget, LogFileFloor];
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const answer = await bridge.call('log.page', { target: of, floor: level, offset: 0, limit: 0 });
      if (stopped) return;
      if (answer.ok) {
        const { value } = answer;
        // A page that was not full has more lines now; a shorter file is another one.
        const own = pages.current;
        if (value.total < total.current) own.lines.clear();
        else if (value.total > total.current) own.lines.delete(Math.floor(total.current / PAGE));
        total.current = value.total;
        setState((before) =>
          before.id === id && before.error === '' && sameFacts(before.facts, value)
            ? before
            : { id, facts: value, error: '' },
        );
        if (!value.complete) timer = setTimeout(() => void look(), UNFINISHED_MS);
        else if (growing) timer = setTimeout(() => void look(), GROWING_MS);
      } else {
        setState({ id, facts: NO_FACTS, error: answer.error.message });
        timer = setTimeout(() => void look(), 3 * GROWING_MS);
      }
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [bridge, id, growing]);

  const want = useCallback(
    (from: number, to: number) => {
      if (id === '') return;
      const [of, level] = JSON.parse(id) as [LogTarget, LogFileFloor];
      const own = pages.current;
      if (own.id !== id) return;
      for (let page = Math.floor(from / PAGE); page <= Math.floor(Math.max(from, to - 1) / PAGE); page++) {
        if (own.lines.has(page) || own.asked.has(page)) continue;
        own.asked.add(page);
        void bridge.call('log.page', { target: of, floor: level, offset: page * PAGE, limit: PAGE }).then((answer) => {
          own.asked.delete(page);
          if (!answer.ok || pages.current !== own) return;
          own.lines.delete(page);
          own.lines.set(page, answer.value.lines);
          const [oldest] = own.lines.keys();
          if (own.lines.size > KEPT && oldest !== undefined) own.lines.delete(oldest);
          setArrived((n) => n + 1);
        });
      }
    },
    [bridge, id],
  );
  const line = useCallback(
    (row: number) =>
      pages.current.id === id ? pages.current.lines.get(Math.floor(row / PAGE))?.[row % PAGE] : undefined,
    [id],
  );
  const known = state.id === id;
  return {
    id,
    facts: known ? state.facts : NO_FACTS,
    loading: id !== '' && !known,
    error: known ? state.error : '',
    line,
    want,
  };
}

function sameFacts(a: Facts, b: Facts): boolean {
  return a.total === b.total && a.bytes === b.bytes && a.read === b.read && a.complete === b.complete;
}
