import { useEffect, useMemo, useRef, useState } from 'react';
import type { HistoryFilter, HistoryRow, HistorySort, HistoryView } from '#shared/domain/history.ts';
import { useApp, useRoom } from '../../store/context.tsx';

/** Rows asked for at once. */
export const PAGE_ROWS = 100;
/** The page that a row is on. */
export const pageOf = (index: number): number => Math.floor(Math.max(0, index) / PAGE_ROWS);

export interface HistoryRows {
  /** Null before the first answer. */
  total: number | null;
  /** Undefined while its page is under way. */
  row: (index: number) => HistoryRow | undefined;
  /** Changes with every answer. */
  version: number;
  error: string;
}

/** Changes whenever the engine did something that the table shows. */
export function useHistoryRevision(): string {
  const notes = useRoom((state) => state.room?.notes ?? 0);
  const exposures = useRoom((state) => state.room?.exposures);
  const progress = useRoom((state) => {
    const current = state.room?.current;
    if (!current) return '';
    const ended = current.jobs.filter(({ endedAt }) => endedAt !== null).length;
    return `${current.run.id} ${current.run.state} ${ended}`;
  });
  return useMemo(() => {
    const states = (exposures ?? []).map(({ expid, state, lastRunId }) => `${expid}${state}${lastRunId ?? ''}`);
    return `${notes} ${progress} ${states.join()}`;
  }, [notes, progress, exposures]);
}

interface Answers {
  total: number | null;
  pages: ReadonlyMap<number, readonly HistoryRow[]>;
  version: number;
  error: string;
}

const NOTHING: Answers = { total: null, pages: new Map(), version: 0, error: '' };

/**
 * The pages of the table around the rows on screen. When the question or `revision` changes they are asked for again; the
 * rows on screen stay until the answer is there.
 */
export function useHistoryRows(
  question: { view: HistoryView; filter: HistoryFilter; sort: HistorySort },
  revision: string,
  firstPage: number,
  lastPage: number,
): HistoryRows {
  const { bridge } = useApp();
  const [answers, setAnswers] = useState<Answers>(NOTHING);
  const key = JSON.stringify(question);
  const about = `${key} ${revision}`;
  /** Which pages of the present question are there or under way. */
  const asked = useRef<{ about: string; pages: Set<number> }>({ about: '', pages: new Set() });

  useEffect(() => {
    if (asked.current.about !== about) asked.current = { about, pages: new Set() };
    const own = asked.current;
    const isNew = own.pages.size === 0;
    const wanted: number[] = [];
    for (let page = firstPage; page <= lastPage; page += 1) if (!own.pages.has(page)) wanted.push(page);
    if (wanted.length === 0) return;
    for (const page of wanted) own.pages.add(page);
    const { view, filter, sort } = JSON.parse(key) as typeof question;
    void Promise.all(
      wanted.map(async (page) => {
        const answer = await bridge.call('history.list', {
          ...{ view, filter, sort },
          limit: PAGE_ROWS,
          offset: page * PAGE_ROWS,
        });
        return { page, answer };
      }),
    ).then((all) => {
      if (asked.current !== own) return;
      setAnswers((before) => {
        const pages = new Map(isNew ? [] : before.pages);
        let { total, error } = { total: before.total, error: '' };
        for (const { page, answer } of all) {
          if (answer.ok) {
            pages.set(page, answer.value.rows);
            total = answer.value.total;
          } else {
            error = answer.error.message;
            own.pages.delete(page);
          }
        }
        return { total, pages, error, version: before.version + 1 };
      });
    });
  }, [bridge, about, key, firstPage, lastPage]);

  return {
    total: answers.total,
    version: answers.version,
    error: answers.error,
    row: (index) => answers.pages.get(pageOf(index))?.[index % PAGE_ROWS],
  };
}
