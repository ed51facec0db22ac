import { useMemo } from 'react';
import type { Alarm } from '#shared/domain/alarm.ts';
import { useApp, useCommand, useRoom } from '../../store/context.tsx';
import { useAnswer, type Loaded } from '../camera/use-engine-data.ts';

export type AlarmsView = 'active' | 'night' | 'all';

const NONE: readonly Alarm[] = [];

/** All alarms that are not over, as they are this moment. */
export function useOpenAlarms(): readonly Alarm[] {
  return useRoom((state) => state.room?.alarms ?? NONE);
}

/** Changes whenever any alarm does: what was asked before is then old. */
function revisionOf(alarms: readonly Alarm[]): string {
  return alarms.map(({ id, state, changedAt, expid }) => `${id}${state}${changedAt}${String(expid)}`).join();
}

export interface AlarmList {
  loaded: Loaded<Alarm[]>;
  /** How many there are, of which `limit` at most were asked for. */
  total: number;
  /** How many of the night's are over, or not. */
  tonight: number | null;
}

/** The alarms of a view: the open ones live, those that are over from the engine's memory. */
export function useAlarmList(view: AlarmsView, text: string, limit: number): AlarmList {
  const open = useOpenAlarms();
  const revision = useMemo(() => revisionOf(open), [open]);
  const night = useAnswer('alarm.list', { view: 'night', limit: 500, offset: 0 }, revision);
  const all = useAnswer('alarm.list', view === 'all' ? { view, text, limit, offset: 0 } : null, revision);
  const tonight = night.state === 'ready' ? night.value.total : null;
  return useMemo((): AlarmList => {
    if (view === 'all') {
      const total = all.state === 'ready' ? all.value.total : 0;
      return { loaded: all.state === 'ready' ? { state: 'ready', value: all.value.alarms } : all, total, tonight };
    }
    // What is open needs no answer; only what is over comes from the memory.
    const past = night.state === 'ready' ? night.value.alarms : [];
    const known = new Set(open.map(({ id }) => id));
    const rest = past.filter((alarm) => alarm.state === 'cleared' && !known.has(alarm.id));
    const nights = new Set(past.map(({ id }) => id));
    const own = view === 'active' ? open : open.filter(({ id }) => nights.has(id));
    const value = [...own, ...rest].filter((alarm) => matches(alarm, text));
    const loaded = night.state === 'error' && value.length === 0 ? night : ({ state: 'ready', value } as const);
    return { loaded, total: value.length, tonight };
  }, [view, text, open, night, all, tonight]);
}

function matches({ title, note, by }: Alarm, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [title, note, by].some((words) => words.toLowerCase().includes(wanted));
}

/** What an observer can do to an alarm; each tells whether it was done. */
export function useAlarmActions() {
  const { view } = useApp();
  const command = useCommand();
  const named = async (run: (name: string) => Promise<boolean>): Promise<boolean> => {
    const name = view.getState().observer.trim();
    if (name !== '') return run(name);
    view.setState({ notice: 'Say who you are first: write your name in the field below the alarm.' });
    return false;
  };
  return {
    acknowledge: (id: number, note = '') =>
      named((name) => command((bridge) => bridge.call('alarm.acknowledge', { id, name, note }))),
    addNote: (id: number, note: string) =>
      named((name) => command((bridge) => bridge.call('alarm.note', { id, name, note }))),
    shelve: (id: number, reason: string, until: number) =>
      named((name) => command((bridge) => bridge.call('alarm.shelve', { id, name, reason, until }))),
    unshelve: (id: number) => named((name) => command((bridge) => bridge.call('alarm.unshelve', { id, name }))),
    retry: async ({ runId, cameras }: Alarm) => {
      if (runId === null) return false;
      const done = await Promise.all(
        cameras.map((camera) => command((bridge) => bridge.call('job.retry', { runId, camera }))),
      );
      return done.every(Boolean);
    },
    notExpected: async ({ cameras }: Alarm, expected: readonly Alarm['cameras'][number][]) =>
      command(async (bridge) => {
        const settings = await bridge.call('settings.get', {});
        if (!settings.ok) return settings;
        const before = settings.value.camerasExpected;
        const camerasExpected = (before === 'auto' ? [...expected] : before).filter((one) => !cameras.includes(one));
        return bridge.call('settings.set', { settings: { ...settings.value, camerasExpected } });
      }),
  };
}
