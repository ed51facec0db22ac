import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import { DEFAULT_FORMAT } from '../exposure/exposure.ts';
import { scheduledKind } from '../exposure/schedule.ts';
import { createAlarmClock } from './alarm-clock.ts';
import { keepNewest } from './folder-state.ts';
import { nextExposure, readyAfter } from './observe.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'qlf-observe-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const EVENING = Date.parse('2019-11-16T02:00:00Z');
const settings: TestEnvironmentSettings = {
  seed: 1,
  size: 'compact',
  cadence: 'accelerated',
  acceleratedPeriod: 5,
  faults: [],
};

function observed(night: string, ...expids: string[]): void {
  for (const expid of expids) {
    mkdirSync(join(directory, 'raw', night, expid), { recursive: true });
    writeFileSync(join(directory, 'raw', night, expid, 'truth.json'), '{}');
  }
}

const next = (at = EVENING) => nextExposure({ directory, kind: null, format: DEFAULT_FORMAT }, settings, at);

describe('the next exposure', () => {
  it('is the first of an empty folder: a bias', async () => {
    const { exposure, sequence } = await next();
    expect(exposure).toMatchObject({ identity: { expid: 1, night: '20191115', seed: 1 }, kind: { flavor: 'bias' } });
    expect(sequence).toBe(0);
  });

  it('goes on after the last EXPID, whatever its night, and in this night’s schedule', async () => {
    observed('20191114', '00000001', '00000007');
    expect((await next()).exposure).toMatchObject({ identity: { expid: 8 }, kind: { flavor: 'bias' } });
    observed('20191115', '00000008');
    expect((await next()).exposure).toMatchObject({ identity: { expid: 9 }, kind: { program: 'dark' } });
  });

  it('takes no notice of what is half written', async () => {
    mkdirSync(join(directory, 'raw', '20191115', '.00000001.part'), { recursive: true });
    expect((await next()).exposure.identity.expid).toBe(1);
  });

  it('has conditions that depend on seed, night and number, not on the time', async () => {
    const [now, later] = [await next(), await next(EVENING + 3_600_000)];
    expect(later.exposure.conditions).toEqual(now.exposure.conditions);
    observed('20191115', '00000001');
    expect((await next()).exposure.conditions).not.toEqual(now.exposure.conditions);
  });

  it('begins when the one before has been exposed, read out and the telescope moved', async () => {
    observed('20191115', '00000001');
    const { exposure } = await next();
    expect(readyAfter(exposure) - EVENING).toBe((900 + 120) * 1000);
  });
});

describe('the schedule', () => {
  it('of an accelerated night has one bias, then science, and every flavor and program soon', () => {
    const kinds = Array.from({ length: 12 }, (_, i) => scheduledKind(i, 'accelerated'));
    expect(kinds.slice(0, 2).map(({ flavor }) => flavor)).toEqual(['bias', 'science']);
    expect(new Set(kinds.map(({ flavor }) => flavor))).toEqual(new Set(['bias', 'science', 'arc', 'flat', 'dark']));
    const programs = kinds.flatMap((kind) => (kind.flavor === 'science' ? kind.program : []));
    expect(new Set(programs)).toEqual(new Set(['dark', 'gray', 'bright']));
  });

  it('of a real night begins with calibrations', () => {
    const kinds = Array.from({ length: 20 }, (_, i) => scheduledKind(i, 'real-time').flavor);
    expect(kinds.slice(0, 8)).toEqual(['bias', 'bias', 'bias', 'dark', 'arc', 'arc', 'flat', 'flat']);
    expect(new Set(kinds.slice(8))).toEqual(new Set(['science']));
  });
});

describe('old exposures', () => {
  it('are removed, but none that was not emulated', async () => {
    observed('20191114', '00000001', '00000002');
    observed('20191115', '00000003', '00000004');
    rmSync(join(directory, 'raw', '20191114', '00000001', 'truth.json'));
    await keepNewest(directory, 1);
    expect(readdirSync(join(directory, 'raw', '20191114'))).toEqual(['00000001']);
    expect(readdirSync(join(directory, 'raw', '20191115'))).toEqual(['00000004']);
  });
});

describe('the alarm clock', () => {
  it('rings when its time has come', async () => {
    expect(await createAlarmClock().sleepUntil(Date.now() - 1)).toBe('due');
  });

  it('is stopped by a change or a demand', async () => {
    const clock = createAlarmClock();
    const sleep = clock.sleepUntil(Infinity);
    clock.ring('changed');
    expect(await sleep).toBe('changed');
    const again = clock.sleepUntil(Infinity);
    clock.ring('demanded');
    expect(await again).toBe('demanded');
  });

  it('keeps demands, not changes, that come while nobody sleeps', async () => {
    const clock = createAlarmClock();
    clock.ring('changed');
    clock.ring('demanded');
    expect(await clock.sleepUntil(Infinity)).toBe('demanded');
    const sleep = clock.sleepUntil(Infinity);
    clock.ring('changed');
    expect(await sleep).toBe('changed');
  });
});
