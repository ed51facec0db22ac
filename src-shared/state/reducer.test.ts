import { describe, expect, it } from 'vitest';
import { NO_QUESTIONS } from '../domain/connection.ts';
import type { Exposure } from '../domain/exposure.ts';
import type { Job, Run } from '../domain/run.ts';
import type { MeasurementSummary } from '../domain/measurement.ts';
import { LOG_TAIL, RECENT_EXPOSURES, type ControlRoomState } from './control-room.ts';
import type { ControlRoomEvent } from './events.ts';
import { applyBatch, reduce } from './reducer.ts';

const empty: ControlRoomState = {
  seq: 0,
  engine: {
    activity: 'idle',
    mode: 'auto',
    since: 0,
    parallel: 2,
    dataDir: '/d',
    ingestUrl: 'http://127.0.0.1:8000/dashboard/api/',
    warnings: [],
  },
  connections: [],
  exposures: [],
  current: null,
  transfer: null,
  log: [],
  disk: null,
  alarms: [],
  mutes: [],
  announcement: null,
  questions: NO_QUESTIONS,
  notes: 0,
  typicalStageMs: {},
};
const run = { id: 7, expid: 101, state: 'running' } as Run;
const job = (patch: Partial<Job>) => ({ id: 1, runId: 7, camera: 'b0', state: 'waiting', ...patch }) as Job;
const measurement = (patch: Partial<MeasurementSummary>) =>
  ({ id: 1, runId: 7, jobId: 1, metric: 'getrms', revision: 1, status: 'normal', ...patch }) as MeasurementSummary;
const exposure = (expid: number, state = 'waiting') => ({ expid, state }) as Exposure;
const line = (id: number): ControlRoomEvent => ({
  type: 'log',
  line: { id, at: 0, source: 'engine', level: 'info', expid: null, camera: null, text: 'x' },
});
const onScreen = reduce(empty, { type: 'run-detail', detail: { run, jobs: [job({})], measurements: [] } });

describe('reduce', () => {
  it('keeps exposures newest first, each once, and only so many', () => {
    const all = Array.from({ length: RECENT_EXPOSURES + 5 }, (_, i) => exposure(i)).reduce(
      (state, e) => reduce(state, { type: 'exposure', exposure: e }),
      empty,
    );
    const again = reduce(all, { type: 'exposure', exposure: exposure(30, 'processed') });
    expect(again.exposures).toHaveLength(RECENT_EXPOSURES);
    expect(again.exposures.map((e) => e.expid)).toEqual([...again.exposures.map((e) => e.expid)].sort((a, b) => b - a));
    expect(again.exposures.filter((e) => e.expid === 30)).toEqual([exposure(30, 'processed')]);
  });

  it('ignores events of a run that is not on screen, but counts them', () => {
    const other = reduce(onScreen, { type: 'job', job: job({ runId: 8, state: 'failed' }) });
    expect(other.current).toBe(onScreen.current);
    expect(other.seq).toBe(onScreen.seq + 1);
  });

  it('shows the newest revision of a metric, whatever order they come in', () => {
    const second = reduce(onScreen, {
      type: 'measurement',
      measurement: measurement({ id: 2, revision: 2, status: 'alarm' }),
    });
    const late = reduce(second, { type: 'measurement', measurement: measurement({}) });
    expect(late.current?.measurements).toEqual([measurement({ id: 2, revision: 2, status: 'alarm' })]);
  });

  it('never changes the state it was given', () => {
    const before = structuredClone(onScreen);
    reduce(onScreen, { type: 'job', job: job({ state: 'running' }) });
    reduce(onScreen, line(1));
    expect(onScreen).toEqual(before);
  });

  it('bounds the log', () => {
    const flooded = Array.from({ length: LOG_TAIL + 10 }, (_, i) => line(i)).reduce(reduce, empty);
    expect(flooded.log).toHaveLength(LOG_TAIL);
    expect(flooded.log.at(-1)?.id).toBe(LOG_TAIL + 9);
  });
});

describe('applyBatch', () => {
  it('skips what a newer snapshot already holds', () => {
    const state = { ...empty, seq: 5 };
    const next = applyBatch(state, { firstSeq: 4, events: [line(4), line(5), line(6)], sentAt: 0 });
    expect(next?.seq).toBe(6);
    expect(next?.log.map((l) => l.id)).toEqual([6]);
    expect(applyBatch(state, { firstSeq: 1, events: [line(1)], sentAt: 0 })).toEqual(state);
  });

  it('says when events are missing', () => {
    expect(applyBatch({ ...empty, seq: 5 }, { firstSeq: 7, events: [line(7)], sentAt: 0 })).toBeUndefined();
  });
});
