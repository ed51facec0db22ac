import { useCallback, useEffect, useRef, useState } from 'react';

/** Rows of a long list that are here, by their place. */
export interface Pages<T> {
  row: (index: number) => T | undefined;
  /** Why some could not be had; empty otherwise. */
  error: string;
  /** Asks for the pages that these rows are on. */
  want: (from: number, to: number) => void;
}

/**
 * Fetches a long list page by page as it is looked at. `key` names the list; another one begins anew.
 * @param fetchPage rows from `offset`, or the reason why there are none
 */
export function usePages<T>(
  key: string,
  pageSize: number,
  fetchPage: (offset: number, limit: number) => Promise<{ rows: T[] } | { error: string }>,
): Pages<T> {
  const [known, setKnown] = useState<{ key: string; pages: ReadonlyMap<number, T[]>; error: string }>({
    key,
    pages: new Map(),
    error: '',
  });
  const asked = useRef<{ key: string; pages: Set<number> }>({ key, pages: new Set() });
  const fetcher = useRef(fetchPage);
  useEffect(() => {
    fetcher.current = fetchPage;
  });
  const want = useCallback(
    (from: number, to: number): void => {
      if (asked.current.key !== key) asked.current = { key, pages: new Set() };
      const { pages } = asked.current;
      for (let page = Math.floor(from / pageSize); page <= Math.floor(to / pageSize); page++) {
        if (pages.has(page)) continue;
        pages.add(page);
        void fetcher.current(page * pageSize, pageSize).then((answer) => {
          setKnown((before) => {
            if (asked.current.key !== key) return before;
            const held = before.key === key ? before : { key, pages: new Map<number, T[]>(), error: '' };
            return 'error' in answer
              ? { ...held, error: answer.error }
              : { ...held, pages: new Map(held.pages).set(page, answer.rows) };
          });
        });
      }
    },
    [key, pageSize],
  );
  const mine = known.key === key ? known : null;
  return {
    row: (index) => mine?.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    error: mine?.error ?? '',
    want,
  };
}
