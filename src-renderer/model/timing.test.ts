import { describe, expect, it } from 'vitest';
import { FIXTURE_NOW, exposure, job, room, run } from '../testing/fixture.ts';
import { contactViews, dosContact, engineContact } from './contact.ts';
import { lastExposure, nextExposure, usualInterval } from './since.ts';
import { pipsOf, stageViews, stepCounts, timeLeft } from './stages.ts';

const typical = { detect: 800, transfer: 11_000, split: 3000, process: 58_000, verdict: 200 };

describe('the stage ribbon', () => {
  it('shows true times and what is late', () => {
    const views = stageViews(run(), typical, FIXTURE_NOW);
    expect(views.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'running', 'waiting']);
    expect(views.map(({ elapsedMs }) => elapsedMs)).toEqual([400, 11_200, 3100, 39_700, null]);
    expect(timeLeft(run(), views)).toBe(58_000 - 39_700 + 200);
    expect(stageViews(run(), { ...typical, process: 30_000 }, FIXTURE_NOW)[3]?.lateMs).toBe(9700);
  });
  it('promises nothing without typical times', () => {
    expect(timeLeft(run(), stageViews(run(), {}, FIXTURE_NOW))).toBeNull();
    expect(timeLeft(run({ state: 'done' }), stageViews(run({ state: 'done' }), typical, FIXTURE_NOW))).toBeNull();
  });
  it('stops a broken stage at the end of the run', () => {
    const failed = run({ state: 'failed', endedAt: FIXTURE_NOW });
    expect(stageViews(failed, typical, FIXTURE_NOW + 60_000)[3]).toMatchObject({ state: 'failed', elapsedMs: 39_700 });
  });
  it('counts cameras by step', () => {
    const step = { step: 'extract' as const, startedAt: 0, endedAt: null };
    const busy = job('b1', { state: 'running', steps: [...job('b1').steps.slice(0, 3), step] });
    const counts = stepCounts([job('b0'), busy]);
    expect(counts.map((item) => item.step)).toEqual(['preproc', 'flexure', 'extract', 'fiberflat', 'sky', 'fluxcal']);
    expect(counts[2]).toEqual({ step: 'extract', done: 1, running: 1, total: 2 });
    expect(pipsOf(busy).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'running',
      'waiting',
      'waiting',
      'waiting',
    ]);
    expect(pipsOf({ ...busy, state: 'failed' })[2]?.state).toBe('broken');
  });
});

describe('the clock since the last exposure', () => {
  const opened = new Date(FIXTURE_NOW - 955_100).toISOString().replace('Z', '');
  it('counts from shutter close', () => {
    const last = lastExposure([exposure(1, { dateObs: opened, registeredAt: FIXTURE_NOW - 50_000 })]);
    expect(last).toMatchObject({ from: 'shutter', at: FIXTURE_NOW - 55_000 });
  });
  it('counts from when it was seen when the header is of another night', () => {
    const old = exposure(1, { dateObs: '2019-11-15T03:00:00', registeredAt: FIXTURE_NOW });
    expect(lastExposure([old])).toMatchObject({ from: 'seen', at: FIXTURE_NOW });
    expect(lastExposure([exposure(1, { dateObs: 'soon' })])?.from).toBe('seen');
    expect(lastExposure([])).toBeNull();
  });
  it('expects the next one by the usual interval of the night', () => {
    const every = (n: number, ms: number) =>
      Array.from({ length: n }, (_, i) => exposure(100 - i, { registeredAt: FIXTURE_NOW - i * ms }));
    expect(usualInterval(every(2, 1000))).toBeNull();
    const night = every(6, 60_000);
    expect(usualInterval(night)).toBe(60_000);
    const last = lastExposure(night)!;
    expect(nextExposure(last, 60_000, FIXTURE_NOW + 20_000)).toEqual({ state: 'due', ms: 40_000 });
    expect(nextExposure(last, 60_000, FIXTURE_NOW + 100_000)).toEqual({ state: 'late', ms: 40_000 });
    expect(nextExposure(last, null, FIXTURE_NOW).state).toBe('none');
  });
});

describe('contact', () => {
  const withDos = (over: object) =>
    room({ connections: room().connections.map((c) => (c.name === 'dos' ? { ...c, ...over } : c)) });
  it('is stale after 20 s and lost after 30 s of silence', () => {
    const at = (age: number) => dosContact(withDos({ lastContact: FIXTURE_NOW - age }), FIXTURE_NOW).state;
    expect([1000, 20_500, 30_500].map(at)).toEqual(['ok', 'stale', 'lost']);
  });
  it('is lost when the engine says so, even at once', () => {
    expect(dosContact(withDos({ state: 'lost', lastContact: null, error: 'refused' }), FIXTURE_NOW)).toMatchObject({
      state: 'lost',
      error: 'refused',
    });
  });
  it('with a silent engine says nothing new of the DOS', () => {
    const at = (age: number) => engineContact(FIXTURE_NOW - age, FIXTURE_NOW).state;
    expect([5000, 20_500, 30_500].map(at)).toEqual(['ok', 'stale', 'lost']);
    const silent = engineContact(FIXTURE_NOW, FIXTURE_NOW + 40_000);
    const views = contactViews(room(), 10, silent);
    expect(views.map(({ name, status }) => `${name} ${status}`).slice(0, 3)).toEqual([
      'DOS stale',
      'Transfer stale',
      'Engine lost',
    ]);
    expect(views[2]?.text).toBe('no answer 40 s');
    expect(dosContact(room(), silent.until).state).toBe('ok');
    expect(engineContact(null, FIXTURE_NOW)).toMatchObject({ state: 'ok', silentMs: 0 });
  });
  it('is not lost but off when the engine was stopped', () => {
    const stopped = withDos({ lastContact: FIXTURE_NOW - 90_000 });
    expect(dosContact({ ...stopped, engine: { ...stopped.engine, activity: 'off' } }, FIXTURE_NOW).state).toBe('off');
  });
  it('shows all four connections with their ages', () => {
    const views = contactViews(room(), 10, engineContact(FIXTURE_NOW, FIXTURE_NOW));
    expect(views.map(({ name, text }) => `${name} ${text}`)).toEqual([
      'DOS now',
      'Transfer idle',
      'Engine 10 jobs',
      'Ingest now',
    ]);
    const progress = { expid: 1, file: 'desi-1.fits.fz', bytes: 1, totalBytes: null, rate: 120e6, secondsLeft: null };
    expect(
      contactViews({ ...room(), transfer: progress }, 0, engineContact(FIXTURE_NOW, FIXTURE_NOW))[1],
    ).toMatchObject({
      status: 'running',
      text: '120 MB/s',
    });
  });
});
