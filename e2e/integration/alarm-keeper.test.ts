import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmAnnouncement } from '#shared/domain/alarm.ts';
import { CAMERAS } from '#shared/domain/camera.ts';
import { emptyRoom } from '#shared/state/control-room.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { ControlRoom } from '../../src-main/orchestrator/control-room.ts';
import { Announcer } from '../../src-main/alarms/announcer.ts';
import { alarmHandlers } from '../../src-main/alarms/handlers.ts';
import { AlarmKeeper } from '../../src-main/alarms/keeper.ts';

let folder: string;
let db: QlfDatabase;
let room: ControlRoom;
let keeper: AlarmKeeper;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-keeper-'));
  now = Date.UTC(2026, 10, 22, 8);
  open();
});
afterEach(() => {
  shut();
  rmSync(folder, { recursive: true });
});

function open(): void {
  db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
  const { exposures } = db.listExposures({ limit: 10, offset: 0 });
  room = new ControlRoom({ ...emptyRoom(folder, 0), exposures }, () => now);
  keeper = new AlarmKeeper({ store: db, room, now: () => now });
}
function shut(): void {
  keeper.close();
  db.close();
}

/** An exposure whose run has ended with b9 missing, as the orchestrator leaves it in the memory. */
function exposeWithout(expid: number, night = '20261121'): number {
  const registered = db.registerExposure(
    {
      expid,
      night,
      flavor: 'science',
      program: 'dark',
      exptime: 900,
      airmass: 1,
      seeing: 1,
      tileid: 1,
      mjdObs: null,
      dateObs: null,
      ra: null,
      dec: null,
      obstype: null,
      header: {},
      camerasExpected: [...CAMERAS],
    },
    { state: 'waiting', reason: '', camerasExpected: [...CAMERAS], at: now },
  );
  room.publish({ type: 'exposure', exposure: registered });
  const run = db.createRun({
    expid,
    night,
    configurationId: db.currentConfiguration().id,
    configuration: '',
    limitsVersion: null,
    passwordHash: '',
    startedAt: now,
  });
  db.createJobs(run.id, [{ camera: 'b9', state: 'missing', reason: 'expected, not in the file' }]);
  db.endRun(run.id, 'done', '', now);
  return run.id;
}

const titles = (): string[] => db.listAlarms({ view: 'all', limit: 50, offset: 0 }).alarms.map(({ title }) => title);

describe('the keeper', () => {
  it('judges at its start what ended unseen, once, whatever number of starts', () => {
    exposeWithout(7);
    for (let start = 0; start < 3; start++) {
      keeper.start();
      expect(titles()).toEqual(['b9 missing from the file']);
      expect(room.snapshot().alarms.map(({ title }) => title)).toEqual(['b9 missing from the file']);
      const { id } = room.snapshot().alarms[0]!;
      expect(
        db
          .alarmHistory(id, 10)
          .map(({ kind }) => kind)
          .reverse(),
      ).toEqual(['raised', 'announced']);
      shut();
      open();
    }
  });

  it('raises the alarm of a disk that fills, and makes it worse', async () => {
    keeper.start();
    const fill = (used: number): void =>
      room.publish({
        type: 'disk',
        disk: {
          ...{ totalBytes: 1000, freeBytes: Math.round(1000 * (1 - used)), warnAt: 0.8, faultAt: 0.92 },
          checkedAt: now,
        },
      });
    const patience = { timeout: 60_000 };
    const seen = (): string[] =>
      room.snapshot().alarms.map(({ kind, severity, value }) => `${kind} ${severity} ${value}`);
    fill(0.85);
    await expect.poll(seen, patience).toEqual(['disk warning 85% used']);
    fill(0.95);
    await expect.poll(seen, patience).toEqual(['disk fault 95% used']);
  }, 120_000);

  it('judges a run when its end is told', async () => {
    keeper.start();
    const runId = exposeWithout(7);
    room.publish({ type: 'run', run: db.run(runId)! });
    await expect.poll(titles).toEqual(['b9 missing from the file']);
    expect(db.runsToJudge(10)).toEqual([]);
  });

  it('is not alarmed by an earlier night that is processed again', () => {
    exposeWithout(9);
    keeper.start();
    const before = titles();
    const runId = exposeWithout(3, '20261010');
    room.publish({ type: 'run', run: db.run(runId)! });
    expect(titles()).toEqual(before);
  });

  it('keeps what people do, their mutes and settings', () => {
    exposeWithout(7);
    keeper.start();
    let handlers = alarmHandlers({ keeper, store: db, now: () => now });
    const { id } = room.snapshot().alarms[0]!;
    const until = now + 60_000;
    expect(handlers['alarm.shelve']({ id, name: 'Ana', reason: 'off for repair', until })).toMatchObject({
      state: 'shelved',
      by: 'Ana',
    });
    void handlers['alarm.mute']({ severity: 'fault', until: now + 1000, name: 'Ana' });
    const settings = { ...keeper.settings, reminder: 0 };
    void handlers['alarm-settings.set']({ settings });
    shut();
    open();
    keeper.start();
    handlers = alarmHandlers({ keeper, store: db, now: () => now });
    expect(handlers['alarm-settings.get']({})).toEqual(settings);
    expect(room.snapshot()).toMatchObject({
      alarms: [{ id, state: 'shelved', note: 'off for repair', shelvedUntil: until }],
      mutes: [{ severity: 'fault', by: 'Ana' }],
    });
    expect(handlers['alarm.list']({ view: 'all', text: 'repair', limit: 10, offset: 0 })).toMatchObject({ total: 1 });
    expect(handlers['alarm.list']({ view: 'all', text: '%', limit: 10, offset: 0 })).toMatchObject({ total: 0 });
    expect(handlers['alarm.list']({ view: 'night', night: '20261121', limit: 10, offset: 0 })).toMatchObject({
      total: 1,
    });
    expect(() => handlers['alarm.get']({ id: 99 })).toThrow('there is no alarm 99');
    expect(() => handlers['alarm.shelve']({ id, name: 'Ana', reason: 'x', until: now })).toThrow('in the future');
    expect(() => handlers['alarm.mute']({ severity: 'all', until: now + 1e9, name: 'Ana' })).toThrow('twelve hours');
  });

  it('brings a shelved alarm back when its time is over', async () => {
    exposeWithout(7);
    keeper.start();
    const handlers = alarmHandlers({ keeper, store: db, now: () => now });
    const { id } = room.snapshot().alarms[0]!;
    void handlers['alarm.shelve']({ id, name: 'Ana', reason: 'known', until: now + 60_000 });
    now += 60_001;
    await expect.poll(() => db.alarm(id)?.state, { timeout: 10_000 }).toBe('new');
    expect(db.alarmHistory(id, 1)).toMatchObject([{ kind: 'announced' }]);
  });
});

describe('the announcer', () => {
  it('tells at most once in ten seconds, what comes in between together, and reminds', () => {
    exposeWithout(7);
    keeper.start();
    const alarm = room.snapshot().alarms[0]!;
    const told: AlarmAnnouncement[] = [];
    const announcer = new Announcer({
      settings: () => keeper.settings,
      mutes: () => [],
      announce: (one) => told.push(one),
    });
    const news = (id: number) => ({ why: 'new' as const, alarm: { ...alarm, id } });
    announcer.hear([news(1)], 0);
    announcer.hear([news(2), news(3)], 3000);
    announcer.hear([news(3), news(4)], 9000);
    announcer.tick([alarm], 9500);
    expect(told.map(({ count }) => count)).toEqual([1]);
    announcer.tick([alarm], 10_000);
    expect(told.map(({ at, count }) => [at, count])).toEqual([
      [0, 1],
      [10_000, 3],
    ]);
    announcer.tick([alarm], 129_999);
    announcer.tick([alarm], 130_000);
    expect(told.map(({ why }) => why)).toEqual(['new', 'new', 'reminder']);
  });
});
