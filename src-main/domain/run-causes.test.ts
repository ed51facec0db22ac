import { describe, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import { measurementsWith, type Off } from './alarms/test-support/run.ts';
import { runCauses } from './run-causes.ts';
import type { SummarisedJob } from './summarise-run.ts';

/** Jobs as they are summed up: of what is normal the keys are not read. */
function jobsOf(off: Off, states: Partial<Record<(typeof CAMERAS)[number], SummarisedJob['state']>> = {}) {
  const measured = measurementsWith(off);
  return CAMERAS.map((camera): SummarisedJob => {
    const state = states[camera] ?? 'done';
    const own = state === 'done' ? measured.filter((one) => one.camera === camera) : [];
    const measurements = own.map(({ metric, status, keys }) => ({
      metric,
      status,
      keys: status === 'normal' ? [] : keys,
    }));
    return { camera, state, plan: [], measurements };
  });
}
const told = (jobs: readonly SummarisedJob[]) => runCauses(jobs).map(({ title, status }) => [title, status]);

describe('what was wrong in a run', () => {
  it('is nothing where all is normal', () => {
    expect(runCauses(jobsOf({}))).toEqual([]);
  });

  it('is one cloud, not thirty cameras, and beside it what one camera has', () => {
    const cloud: Off = Object.fromEntries(CAMERAS.map((camera) => [camera, { DELTAMAG_TGT: 2.5, FIDSNR_TGT: -1.1 }]));
    const causes = runCauses(jobsOf({ ...cloud, r3: { ...cloud.r3, NOISE_AMP: [0, 0, 3, 0] } }));
    expect(causes.map(({ title, words, cameras, key }) => [title, words, cameras.length, key])).toEqual([
      ['All cameras: targets too faint', 'targets too faint', 30, 'DELTAMAG_TGT'],
      ['r3 amplifier C noise high', 'amplifier C noise high', 1, 'NOISE_AMP'],
    ]);
  });

  it('names what a spectrograph shares, lost cameras, and what could not be judged', () => {
    const lost = { NGOODFIB: -20 };
    expect(told(jobsOf({ b9: lost, r9: lost, z9: lost }))).toEqual([['Spectrograph 9: fibers lost', 'alarm']]);
    const jobs = jobsOf({ z1: { SKYCONT: [null] } }, { b2: 'missing', r5: 'failed', r6: 'failed' });
    expect(told(jobs)).toEqual([
      ['b2 missing', 'missing'],
      ['r5, r6 failed', 'failed'],
      ['z1 Sky continuum not judged', 'unknown'],
    ]);
  });
});
