import { useEffect, useMemo, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Alarm } from '#shared/domain/alarm.ts';
import { alarmSections } from '../../model/alarms.ts';
import { useNow } from '../../store/context.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { AlarmRow, type RowActions } from './alarm-row.tsx';

type Item = { head: string; note: string } | { alarm: Alarm };

const isHead = (item: Item): item is { head: string; note: string } => 'head' in item;

function estimate(item: Item | undefined): number {
  if (!item || isHead(item)) return 38;
  if (item.alarm.state === 'new') return 68;
  return item.alarm.state === 'cleared' ? 40 : 58;
}

/** All alarms of a view below each other, in sections; only what is in sight is drawn. */
export function AlarmList({
  alarms,
  chosen,
  act,
}: {
  alarms: readonly Alarm[];
  chosen: number | null;
  act: RowActions;
}) {
  const now = useNow(1000);
  // The order hangs on the alarms alone; the second that passes changes no row's place.
  const items = useMemo(
    (): Item[] =>
      alarmSections(alarms, now).flatMap(({ title, note, alarms: own }): Item[] => [
        { head: title, note },
        ...own.map((alarm) => ({ alarm })),
      ]),
    [alarms, now],
  );
  const region = useRef<HTMLDivElement>(null);
  // Its functions change with every measurement, and this component uses no memory of them.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => region.current,
    estimateSize: (index) => estimate(items[index]),
    getItemKey: (index) => {
      const item = items[index];
      return !item ? index : isHead(item) ? item.head : item.alarm.id;
    },
    overscan: 8,
  });
  const at = items.findIndex((item) => !isHead(item) && item.alarm.id === chosen);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
    // Only a new choice scrolls; a row that moves does not pull the list with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen]);
  return (
    <ScrollRegion label="List of alarms" role="region" className="alarm-list" ref={region}>
      <div className="alarm-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          if (!item) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className="alarm-item"
              style={{ transform: `translateY(${start}px)` }}
            >
              {isHead(item) ? (
                <h2 className="alarm-head">
                  {item.head}
                  <small>{item.note}</small>
                </h2>
              ) : (
                <AlarmRow
                  alarm={item.alarm}
                  now={item.alarm.state === 'cleared' ? 0 : now}
                  chosen={item.alarm.id === chosen}
                  act={act}
                />
              )}
            </div>
          );
        })}
      </div>
    </ScrollRegion>
  );
}
