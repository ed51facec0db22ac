import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { ScrollRegion } from './scroll-region.tsx';
import './virtual-list.css';

/**
 * Items below each other, of heights that are measured when they come in sight; only those are drawn.
 * @param estimate about how high an item is, px
 * @param shown index of the item that is kept in sight when it changes; below 0: none
 */
export function VirtualList<T>({
  label,
  className,
  items,
  keyOf,
  estimate,
  shown = -1,
  children,
}: {
  label: string;
  className: string;
  items: readonly T[];
  keyOf: (item: T) => string | number;
  estimate: (item: T) => number;
  shown?: number;
  children: (item: T) => ReactNode;
}) {
  const region = useRef<HTMLDivElement>(null);
  // Its functions change with every item, and this component uses no memory of them.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => region.current,
    estimateSize: (index) => {
      const item = items[index];
      return item === undefined ? 0 : estimate(item);
    },
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
  });
  const shownItem = items[shown];
  const shownKey = shownItem === undefined ? null : keyOf(shownItem);
  useEffect(() => {
    if (shownKey !== null) virtual.scrollToIndex(shown, { align: 'auto' });
    // Only a new choice scrolls; an item that moves does not pull the list with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shownKey]);
  return (
    <ScrollRegion label={label} role="region" className={className} ref={region}>
      <div className="virtual-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className="virtual-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              {children(item)}
            </div>
          );
        })}
      </div>
    </ScrollRegion>
  );
}
