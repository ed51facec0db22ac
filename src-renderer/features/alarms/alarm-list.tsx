import { useMemo } from 'react';
import type { Alarm } from '#shared/domain/alarm.ts';
import { alarmSections } from '../../model/alarms.ts';
import { useNow } from '../../store/context.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { AlarmRow, type RowActions } from './alarm-row.tsx';

type Item = { head: string; note: string } | { alarm: Alarm };

const isHead = (item: Item): item is { head: string; note: string } => 'head' in item;

function estimate(item: Item): number {
  if (isHead(item)) return 38;
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
  return (
    <VirtualList
      label="List of alarms"
      className="alarm-list"
      items={items}
      keyOf={(item) => (isHead(item) ? item.head : item.alarm.id)}
      estimate={estimate}
      shown={items.findIndex((item) => !isHead(item) && item.alarm.id === chosen)}
    >
      {(item) =>
        isHead(item) ? (
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
        )
      }
    </VirtualList>
  );
}
