import { describe, expect, it } from 'vitest';
import { DEFAULT_ALARM_SETTINGS as settings, type Alarm } from '#shared/domain/alarm.ts';
import type { Connection, EngineStatus } from '#shared/state/control-room.ts';
import { conditionsOf, stepCondition } from './step-condition.ts';

const engine: EngineStatus = {
  activity: 'idle',
  mode: 'auto',
  since: 0,
  parallel: 2,
  dataDir: '/data',
  ingestUrl: '',
  warnings: [],
};
const dos = (state: Connection['state'], since: number): Connection => ({
  name: 'dos',
  adapter: 'exposure folder',
  state,
  since,
  lastContact: null,
  error: state === 'lost' ? 'the folder cannot be read' : '',
  lastLoss: null,
  retryAt: null,
});

/** A control room with one connection and a disk, over time. */
class Room {
  alarms: Alarm[] = [];
  announced: (string | null)[] = [];

  see(at: number, connection: Connection, used = 0.5, activity: EngineStatus['activity'] = 'idle'): void {
    const disk = {
      totalBytes: 1000,
      freeBytes: Math.round(1000 * (1 - used)),
      warnAt: 0.8,
      faultAt: 0.92,
      checkedAt: at,
    };
    const room = { connections: [connection], engine: { ...engine, activity }, disk };
    for (const condition of conditionsOf(room, this.open, settings, at))
      for (const { alarm, announce } of stepCondition(this.open, condition, settings, at)) {
        this.alarms = this.alarms.filter(({ id }) => alarm.id === 0 || id !== alarm.id);
        this.alarms.push(alarm.id === 0 ? { ...alarm, id: this.alarms.length + 1 } : alarm);
        this.announced.push(announce);
      }
  }

  get open(): Alarm[] {
    return this.alarms.filter(({ state }) => state !== 'cleared');
  }
}

describe('lost contact', () => {
  it('is an alarm after its delay, once, and goes when contact is back', () => {
    const room = new Room();
    room.see(29_000, dos('lost', 0));
    expect(room.alarms).toEqual([]);
    room.see(30_000, dos('lost', 0));
    room.see(31_000, dos('lost', 0));
    expect(room.alarms).toMatchObject([
      { kind: 'contact-dos', family: 'contact', severity: 'fault', state: 'new', title: 'No contact with the DOS' },
    ]);
    expect(room.alarms[0]?.detail).toBe('the folder cannot be read');
    room.see(40_000, dos('ok', 39_000));
    expect(room.alarms).toMatchObject([{ state: 'cleared', note: 'came back by itself' }]);
    expect(room.announced).toEqual(['new', null]);
  });

  it('is no alarm of an engine that was stopped', () => {
    const room = new Room();
    room.see(60_000, dos('lost', 0), 0.5, 'off');
    expect(room.alarms).toEqual([]);
  });
});

describe('the disk', () => {
  it('warns, becomes a fault, and is good only when clearly emptier', () => {
    const room = new Room();
    const ok = dos('ok', 0);
    room.see(0, ok, 0.79);
    expect(room.alarms).toEqual([]);
    room.see(1, ok, 0.81);
    expect(room.alarms).toMatchObject([{ kind: 'disk', severity: 'warning', value: '81% used', detail: 'limit 80%' }]);
    room.see(2, ok, 0.93);
    expect(room.alarms).toMatchObject([{ severity: 'fault', state: 'new', before: '81% used' }]);
    expect(room.announced).toEqual(['new', 'worse']);
    room.see(3, ok, 0.795);
    expect(room.alarms[0]).toMatchObject({ present: true });
    room.see(4, ok, 0.78);
    expect(room.alarms[0]).toMatchObject({ present: false, state: 'new' });
  });
});
