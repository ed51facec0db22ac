import { beforeEach, describe, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import type { MeasurementSummary } from '#shared/domain/measurement.ts';
import { DEFAULT_ALARM_SETTINGS, type Alarm, type AlarmSettings } from '#shared/domain/alarm.ts';
import type { AlarmChange } from './change.ts';
import { acknowledge, shelve, unshelve } from './person.ts';
import { stepRun, type RunStep } from './step-run.ts';
import { dataCauses } from './data-causes.ts';
import { measurementsWith, runOf, stepOf, type Off } from './test-support/run.ts';

let alarms: Alarm[];
let settings: AlarmSettings;
let at: number;
beforeEach(() => {
  alarms = [];
  settings = DEFAULT_ALARM_SETTINGS;
  at = 1000;
});

const over = (): Alarm[] => alarms.filter(({ state }) => state === 'cleared');
const open = (): Alarm[] => alarms.filter(({ state }) => state !== 'cleared');

/** Keeps what changed, as the database does. */
function keep(changes: readonly AlarmChange[]): AlarmChange[] {
  at += 1000;
  for (const { alarm, discard } of changes) {
    alarms = alarms.filter(({ id }) => id !== alarm.id || alarm.id === 0);
    if (!discard) alarms.push(alarm.id === 0 ? { ...alarm, id: alarms.length + 1 } : alarm);
  }
  return [...changes];
}
const take = (step: RunStep): AlarmChange[] => keep(stepRun(open(), over(), step, settings, at));
const expose = (expid: number, off: Off = {}, jobs = {}): AlarmChange[] => take(stepOf(expid, off, jobs));
const announced = (changes: readonly AlarmChange[]) => changes.map(({ announce }) => announce);
const only = (): Alarm => {
  expect(alarms).toHaveLength(1);
  return alarms[0]!;
};

const NOISY: Off = { r3: { NOISE_AMP: [0, 0, 3, 0] } };
const NEARLY: Off = { r3: { NOISE_AMP: [0, 0, 1.45, 0] } };
const WARNED: Off = { r3: { NOISE_AMP: [0, 0, 1.8, 0] } };

describe('an alarm', () => {
  it('is raised at once, seen again without another word, and over after two good exposures', () => {
    expect(announced(expose(1, NOISY))).toEqual(['new']);
    expect(only()).toMatchObject({ state: 'new', present: true, expid: 1, exposures: 1 });
    expect(announced(expose(2, NOISY))).toEqual([null]);
    expect(only()).toMatchObject({ expid: 2, exposures: 2 });
    expose(3);
    expect(only()).toMatchObject({ present: true, goods: 1 });
    expose(4);
    expect(only()).toMatchObject({ state: 'new', present: false });
  });

  it('waits for somebody to see it when it is over, and is in the history with that', () => {
    expose(1, NOISY);
    expose(2);
    expose(3);
    keep([acknowledge(only(), { name: 'Ana', note: 'cable' }, settings, at)]);
    expect(only()).toMatchObject({ state: 'cleared', by: 'Ana', note: 'cable' });
    expect(announced(expose(4, NOISY))).toEqual(['new']);
    expect(alarms).toHaveLength(2);
  });

  it('that somebody has acknowledged goes by itself', () => {
    expose(1, NOISY);
    keep([acknowledge(only(), { name: 'Ana', note: '' }, settings, at)]);
    expose(2);
    expose(3);
    expect(only()).toMatchObject({ state: 'cleared', note: 'good in 2 exposures' });
  });

  it('does not go while the value sits on its limit', () => {
    expose(1, NOISY);
    for (const expid of [2, 3, 4]) expose(expid, NEARLY);
    expect(only()).toMatchObject({ present: true, goods: 0 });
  });

  it('goes where a limit that a person has set since says that it is well', () => {
    expose(1, NOISY);
    const wide = (measurements: readonly MeasurementSummary[]): MeasurementSummary[] =>
      measurements.map((one) => ({
        ...one,
        status: 'normal',
        keys: one.keys.map((key) => ({
          ...key,
          status: 'normal',
          elements: key.elements.map((element) => ({
            ...element,
            status: 'normal',
            rule: { normalRange: [-9, 9], warnRange: [-9, 9], postedReference: element.reference },
          })),
        })),
      }));
    for (const expid of [2, 3])
      take(stepOf(expid, NOISY, {}, { causes: [], measurements: wide(stepOf(expid, NOISY).measurements) }));
    expect(only()).toMatchObject({ present: false });
  });

  it('does not go for what could not be judged, or was not looked at', () => {
    expose(1, NOISY);
    for (const expid of [2, 3, 4]) expose(expid, { r3: { NOISE_AMP: [0, 0, null, 0] } });
    for (const expid of [5, 6, 7]) expose(expid, {}, { r3: { state: 'not-expected' } });
    expect(only()).toMatchObject({ present: true, goods: 0 });
  });

  it('comes back without a second one while it waits to be acknowledged', () => {
    expose(1, NOISY);
    expose(2);
    expose(3);
    expect(announced(expose(4, NOISY))).toEqual(['new']);
    expect(only()).toMatchObject({ state: 'new', present: true, goods: 0 });
  });

  it('is worse, and not acknowledged any more, when a warning becomes an alarm', () => {
    settings = { ...settings, warning: { ...settings.warning, delay: 1 } };
    expose(1, WARNED);
    keep([acknowledge(only(), { name: 'Ana', note: '' }, settings, at)]);
    expect(announced(expose(2, NOISY))).toEqual(['worse']);
    expect(only()).toMatchObject({ severity: 'alarm', state: 'new', before: '4.60 e\u207b', value: '5.80 e\u207b' });
    expose(3, WARNED);
    expect(only()).toMatchObject({ severity: 'alarm', present: true });
  });

  it('is worse when another camera joins it', () => {
    expose(1, {}, { b9: { state: 'missing' } });
    keep([acknowledge(only(), { name: 'Ana', note: '' }, settings, at)]);
    expect(announced(expose(2, {}, { b9: { state: 'missing' }, r2: { state: 'missing' } }))).toEqual(['worse']);
    expect(only()).toMatchObject({ state: 'new', cameras: ['b9', 'r2'], title: 'b9, r2 missing from the file' });
    expose(3, {}, { r2: { state: 'missing' } });
    expect(only()).toMatchObject({ cameras: ['r2'], state: 'new' });
  });

  it('of an amplifier says nothing of the one beside it', () => {
    expose(1, NOISY);
    expect(announced(expose(2, { r3: { NOISE_AMP: [3, 0, 0, 0] } }))).toEqual(['new', null]);
    expect(alarms.map(({ members }) => members.join())).toEqual(expect.arrayContaining(['r3:C', 'r3:A']));
  });

  it('that is shelved stays so when it is seen again, and comes back not acknowledged', () => {
    expose(1, NOISY);
    keep([shelve(only(), { name: 'Ana', reason: 'known', until: at + 5000 }, at)]);
    expect(announced(expose(2, NOISY))).toEqual([null]);
    expect(only()).toMatchObject({ state: 'shelved', note: 'known' });
    const [change] = keep([unshelve(only(), null, settings, at)]);
    expect(change).toMatchObject({ announce: 'new' });
    expect(only()).toMatchObject({ state: 'new', shelvedUntil: null });
  });
});

describe('a warning', () => {
  it('is raised when it has been seen in two exposures, and goes by itself', () => {
    expect(announced(expose(1, WARNED))).toEqual([null]);
    expect(only().state).toBe('pending');
    expect(announced(expose(2, WARNED))).toEqual(['new']);
    expect(only()).toMatchObject({ state: 'new', severity: 'warning', exposures: 2 });
    expose(3);
    expect(only()).toMatchObject({ state: 'cleared' });
  });

  it('seen once leaves no trace', () => {
    expose(1, WARNED);
    expose(2);
    expect(alarms).toEqual([]);
  });

  it('is not counted twice in one exposure', () => {
    expose(1, WARNED);
    expose(1, WARNED);
    expect(only()).toMatchObject({ state: 'pending', exposures: 1 });
  });

  it('that becomes an alarm does not wait', () => {
    expose(1, WARNED);
    expect(announced(expose(2, NOISY))).toEqual(['new']);
    expect(only()).toMatchObject({ severity: 'alarm', state: 'new' });
  });
});

describe('runs', () => {
  it('judged again say nothing new', () => {
    expose(1, NOISY);
    const before = alarms;
    expect(announced(expose(1, NOISY))).toEqual([null]);
    expect(alarms).toEqual(before);
  });

  it('a good retry of a failed camera ends its alarm', () => {
    expose(1, {}, { z5: { state: 'failed', reason: 'exit 1: singular matrix' } });
    expect(only()).toMatchObject({ kind: 'failed-job', severity: 'fault', value: 'exit 1', title: 'z5 failed' });
    expose(1);
    expect(only()).toMatchObject({ state: 'new', present: false });
  });

  it('one good exposure does not count twice because a camera was retried in it', () => {
    expose(1, NOISY);
    expose(2);
    expose(2);
    expect(only()).toMatchObject({ present: true, goods: 1 });
  });

  it('of older exposures, caught up later, raise what was not known and change nothing else', () => {
    expose(5, NOISY);
    expose(3);
    expose(4);
    expect(only()).toMatchObject({ present: true, goods: 0, expid: 5 });
    expect(announced(expose(2, { b1: { BIAS_AMP: [180, 0, 0, 0] } }))).toEqual(['new']);
  });

  it('judged again after newer ones were good bring nothing back', () => {
    expose(1, NOISY);
    expose(2);
    expose(3);
    expect(expose(1, NOISY)).toEqual([]);
    expect(only()).toMatchObject({ present: false });
    keep([acknowledge(only(), { name: 'Ana', note: '' }, settings, at)]);
    expect(expose(1, NOISY)).toEqual([]);
    expect(only()).toMatchObject({ state: 'cleared' });
  });

  it('that go on raise what is settled, and end nothing', () => {
    expose(1, NOISY);
    const run = runOf(2, { state: 'running', stage: 'process' });
    take(stepOf(2, {}, {}, { run, complete: false }));
    expect(only()).toMatchObject({ present: true, goods: 0 });
    const off: Off = { b0: { NOISE_AMP: [3, 0, 0, 0] } };
    expect(announced(take(stepOf(2, off, {}, { run, complete: false })))).toEqual(['new']);
    expect(announced(take(stepOf(2, off, {}, { run, complete: false })))).toEqual([null]);
  });

  it('what was told of single cameras becomes one when all have it', () => {
    const run = runOf(1, { state: 'running', stage: 'process' });
    const early: Off = { b0: { DELTAMAG_TGT: 2.7 }, b5: { DELTAMAG_TGT: 2.7 } };
    const some = dataCauses(measurementsWith(early, CAMERAS.slice(0, 6)));
    take(stepOf(1, {}, {}, { run, complete: false, causes: some }));
    expect(alarms.map(({ title }) => title)).toEqual(['b0 targets too faint', 'b5 targets too faint']);
    const all = Object.fromEntries(CAMERAS.map((camera) => [camera, { DELTAMAG_TGT: 2.7 }])) as Off;
    const changes = expose(1, all);
    expect(announced(changes)).toEqual([null, null]);
    expect(only()).toMatchObject({ kind: 'cloud', title: 'All cameras: targets too faint', cameras: CAMERAS });
  });
});
