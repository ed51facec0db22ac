import type { Alarm, AlarmEvent } from '#shared/domain/alarm.ts';
import { FIXTURE_NOW } from './fixture.ts';

/** An alarm of the mockups' night. */
export function alarm(id: number, over: Partial<Alarm>): Alarm {
  const raisedAt = over.raisedAt ?? FIXTURE_NOW - 38_000;
  return {
    id,
    family: 'data',
    severity: 'alarm',
    kind: 'amplifier-noise',
    state: 'new',
    present: true,
    title: 'r3 amplifier C noise high',
    value: '4.71 e\u207b',
    detail: 'limit 4.60',
    before: '',
    members: ['r3:C'],
    cameras: ['r3'],
    amplifiers: ['C'],
    keys: ['NOISE_AMP'],
    also: [],
    camera: 'r3',
    night: '20261121',
    firstExpid: 298_413,
    expid: 298_417,
    runId: 7,
    exposures: 1,
    goods: 0,
    goodExpid: null,
    raisedAt,
    changedAt: raisedAt,
    clearedAt: null,
    by: '',
    note: '',
    shelvedUntil: null,
    ...over,
  };
}

const MINUTE = 60_000;
const ONE = { amplifiers: [] as string[], value: '', before: '' };

/** Open alarms of the mockups' night. */
export const OPEN_ALARMS: readonly Alarm[] = [
  alarm(11, { before: '4.20 e\u207b', exposures: 2 }),
  alarm(12, {
    ...ONE,
    family: 'machinery',
    severity: 'fault',
    kind: 'failed-job',
    title: 'z5 failed in extract',
    value: 'exit 1',
    detail: 'singular matrix in bundle 14, fibers 350-374',
    members: ['z5'],
    cameras: ['z5'],
    camera: 'z5',
    keys: [],
    raisedAt: FIXTURE_NOW - 2000,
  }),
  alarm(9, {
    ...ONE,
    state: 'acknowledged',
    kind: 'throughput',
    title: 'b7 S/N low',
    value: '0.41',
    detail: 'limit 0.46',
    members: ['b7'],
    cameras: ['b7'],
    camera: 'b7',
    keys: ['FIDSNR_TGT'],
    by: 'Lead observer',
    note: 'thin cloud, watch',
    raisedAt: FIXTURE_NOW - 38 * MINUTE,
  }),
  alarm(7, {
    ...ONE,
    state: 'acknowledged',
    family: 'machinery',
    severity: 'fault',
    kind: 'missing-camera',
    title: 'b9 missing from the file',
    detail: 'expected, absent',
    members: ['b9'],
    cameras: ['b9'],
    camera: 'b9',
    keys: [],
    exposures: 6,
    by: 'Lead observer',
    note: 'called the engineer',
    raisedAt: FIXTURE_NOW - 72 * MINUTE,
  }),
  alarm(5, {
    ...ONE,
    state: 'shelved',
    severity: 'warning',
    kind: 'fibers',
    title: 'z1 fibers lost',
    value: '496 fibers',
    detail: 'limit 497',
    members: ['z1'],
    cameras: ['z1'],
    camera: 'z1',
    keys: ['NGOODFIB'],
    by: 'Support astronomer',
    note: 'bundle known, waits for day work',
    raisedAt: FIXTURE_NOW - 240 * MINUTE,
    shelvedUntil: FIXTURE_NOW + 197 * MINUTE,
  }),
];

const over = (id: number, from: number, to: number, words: Partial<Alarm>): Alarm =>
  alarm(id, {
    ...ONE,
    state: 'cleared',
    present: false,
    raisedAt: FIXTURE_NOW - from * MINUTE,
    clearedAt: FIXTURE_NOW - to * MINUTE,
    ...words,
  });

/** Those of the same night that are over. */
export const CLEARED_ALARMS: readonly Alarm[] = [
  over(8, 109, 100, { title: 'All z cameras: sky continuum high', by: 'Support astronomer', note: 'moonlit cloud' }),
  over(6, 127, 125, { title: 'z5 failed in extract', note: 'run 6 good' }),
  over(4, 210, 209, { title: 'No contact with the DOS', note: 'came back by itself' }),
  over(3, 362, 345, { title: 'r9 traces shifted', by: 'Lead observer', note: 'good in 2 exposures' }),
];

/** What happened to one of them, newest first. */
export function alarmStory(id: number): AlarmEvent[] {
  const at = (seconds: number): number => FIXTURE_NOW - seconds * 1000;
  const event = (n: number, seconds: number, kind: AlarmEvent['kind'], text: string, expid: number | null = 298_417) =>
    ({ id: n, alarmId: id, at: at(seconds), kind, by: '', text, expid }) satisfies AlarmEvent;
  return [
    event(4, 37, 'announced', 'sound \u201cworse\u201d, desktop notification'),
    event(3, 38, 'worse', 'now an alarm: 4.71 e\u207b, limit 4.6'),
    event(2, 1066, 'raised', 'warning: 4.2 e\u207b, limit 4.1 in 2 exposures', 298_416),
    event(1, 1980, 'seen', 'warning: 4.15 e\u207b, limit 4.1', 298_413),
  ];
}
