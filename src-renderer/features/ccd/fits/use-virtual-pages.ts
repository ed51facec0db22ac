import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';
import { usePages } from './use-pages.ts';

type Pages<T> = ReturnType<typeof usePages<T>>;

export interface VirtualPages<T> extends Omit<Pages<T>, 'want'> {
  /** Of the element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** Rows in sight and a few beside them, with where each begins, px. */
  items: readonly VirtualItem[];
  /** Height of all rows, px. */
  height: number;
}

/** A long list of rows of one height, of which only those in sight are asked for and drawn. */
export function useVirtualPages<T>(
  key: string,
  { rows, rowHeight, page }: { rows: number; rowHeight: number; page: number },
  fetchPage: Parameters<typeof usePages<T>>[2],
): VirtualPages<T> {
  const scroller = useRef<HTMLDivElement>(null);
  const { want, ...pages } = usePages<T>(key, page, fetchPage);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    want(first, last);
  }, [want, first, last]);
  return { ...pages, scroller, items, height: virtual.getTotalSize() };
}
