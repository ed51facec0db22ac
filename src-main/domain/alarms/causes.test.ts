import { describe, expect, it } from 'vitest';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { dataCauses } from './data-causes.ts';
import { machineCauses } from './machine-causes.ts';
import { isSettled } from './settled.ts';
import { jobsWith, measurementsWith, runOf, type Off } from './test-support/run.ts';

const causesOf = (off: Off) => dataCauses(measurementsWith(off));
const everywhere = (off: Off[CameraName]): Off => Object.fromEntries(CAMERAS.map((camera) => [camera, off]));
const kinds = (off: Off): string[] => causesOf(off).map(({ kind, title }) => `${kind}: ${title}`);

describe('causes in the data', () => {
  it('are none where everything is normal, or not judged', () => {
    expect(causesOf({})).toEqual([]);
    expect(causesOf({ r3: { NOISE_AMP: [0, null, 0, 0] } })).toEqual([]);
  });

  it('name metric, camera and amplifier, with value and limit', () => {
    expect(causesOf({ r3: { NOISE_AMP: [0, 0, 3, 0] } })).toMatchObject([
      {
        kind: 'amplifier-noise',
        severity: 'alarm',
        title: 'r3 amplifier C noise high',
        members: ['r3:C'],
        cameras: ['r3'],
        amplifiers: ['C'],
        keys: ['NOISE_AMP'],
        value: '5.80 e\u207b',
        detail: 'limit 4.80',
        camera: 'r3',
      },
    ]);
    expect(causesOf({ r3: { NOISE_AMP: [0, 0, 1.7, 0] } })[0]).toMatchObject({
      severity: 'warning',
      detail: 'limit 4.30',
    });
  });

  it('a dead amplifier is one, whatever else fails with it', () => {
    const dead = {
      NOISE_AMP: [0, 0, -2.8, 0],
      BIAS_AMP: [0, 0, -980, 0],
      LITFRAC_AMP: [0, 0, -0.25, 0],
      FIDSNR_TGT: 3,
    };
    const [cause, ...others] = causesOf({ r3: dead });
    expect(others).toEqual([]);
    expect(cause).toMatchObject({ kind: 'amplifier-dead', title: 'r3 amplifier C dead', members: ['r3:C'] });
    expect(cause?.also).toEqual(expect.arrayContaining(['bias low', 'too few lit pixels']));
  });

  it('two amplifiers with the same are one in a camera, and two in two cameras', () => {
    expect(kinds({ r3: { NOISE_AMP: [3, 0, 4, 0] } })).toEqual(['amplifier-noise: r3 amplifiers A and C noise high']);
    expect(kinds({ r3: { NOISE_AMP: [3, 0, 0, 0] }, b1: { NOISE_AMP: [0, 3, 0, 0] } })).toHaveLength(2);
  });

  it('what a third of all cameras have in their amplifiers is one', () => {
    const noisy = Object.fromEntries(CAMERAS.slice(0, 12).map((camera) => [camera, { NOISE_AMP: [3, 3, 3, 3] }]));
    expect(causesOf(noisy as Off)).toMatchObject([{ kind: 'amplifier-noise', cameras: CAMERAS.slice(0, 12) }]);
  });

  it('a camera out of focus is one, with all that follows from it', () => {
    const [cause, ...others] = causesOf({ b6: { XWSIGMA: 1.5, LITFRAC_AMP: 0.3, FIDSNR_TGT: -1, DELTAMAG_TGT: 1.7 } });
    expect(others).toEqual([]);
    expect(cause).toMatchObject({ kind: 'focus', members: ['b6'], keys: ['XWSIGMA'] });
    expect(cause?.also).toContain('too many lit pixels');
  });

  it('fibers of one spectrograph dark in three arms are one, of two spectrographs two', () => {
    const dark = { NGOODFIB: -10 };
    expect(kinds({ b8: dark, r8: dark, z8: dark })).toEqual(['fibers: Spectrograph 8: fibers lost']);
    expect(kinds({ b8: dark, r2: dark })).toEqual(['fibers: b8 fibers lost', 'fibers: r2 fibers lost']);
  });

  it('clouds are one, with the brighter sky that comes with them', () => {
    const [cause, ...others] = causesOf(everywhere({ DELTAMAG_TGT: 2.7, FIDSNR_TGT: -1.1, SKYCONT: 90 }));
    expect(others).toEqual([]);
    expect(cause).toMatchObject({
      kind: 'cloud',
      severity: 'alarm',
      title: 'All cameras: targets too faint',
      cameras: CAMERAS,
      keys: ['DELTAMAG_TGT', 'FIDSNR_TGT'],
    });
    expect(cause?.also).toContain('sky continuum high');
  });

  it('a bright sky is one, and needs most cameras of an arm', () => {
    expect(kinds(everywhere({ SKYCONT: 900, LITFRAC_AMP: 0.17 }))).toEqual([
      'bright-sky: All cameras: sky continuum high',
    ]);
    const z = CAMERAS.filter((camera) => camera.startsWith('z'));
    const some = Object.fromEntries(z.map((camera) => [camera, { SKYCONT: 300 }])) as Off;
    expect(kinds(some)).toEqual(['bright-sky: All z cameras: sky continuum high']);
    expect(kinds({ z1: { SKYCONT: 300 }, z5: { SKYCONT: 300 } })).toEqual([
      'metric: z1 sky continuum high',
      'metric: z5 sky continuum high',
    ]);
  });

  it('a cloud hides no amplifier', () => {
    const off = everywhere({ DELTAMAG_TGT: 2.7 });
    expect(kinds({ ...off, r3: { DELTAMAG_TGT: 2.7, NOISE_AMP: [0, 0, 3, 0] } })).toEqual([
      'cloud: All cameras: targets too faint',
      'amplifier-noise: r3 amplifier C noise high',
    ]);
  });

  it('a warning explains no alarm', () => {
    expect(kinds({ b6: { XWSIGMA: 1, NGOODFIB: -20 } })).toEqual([
      'focus: b6 lines too wide',
      'fibers: b6 fibers lost',
    ]);
  });
});

describe('causes in the machinery', () => {
  const failed = (reason: string) => ({ state: 'failed' as const, reason });
  const of = (jobs: Parameters<typeof jobsWith>[0]) => machineCauses(runOf(7), jobsWith(jobs));

  it('missing cameras are one', () => {
    expect(of({ b9: { state: 'missing' }, r2: { state: 'missing' } })).toMatchObject([
      { kind: 'missing-camera', severity: 'fault', members: ['b9', 'r2'], title: 'b9, r2 missing from the file' },
    ]);
  });

  it('failures for the same reason are one', () => {
    const [one, two, ...others] = of({
      b1: failed('exit 1: singular matrix in bundle 4'),
      r1: failed('exit 1: singular matrix in bundle 12'),
      z1: failed('killed by SIGSEGV'),
    });
    expect(others).toEqual([]);
    expect(one).toMatchObject({ kind: 'failed-job', cameras: ['b1', 'r1'] });
    expect(two).toMatchObject({ kind: 'failed-job', cameras: ['z1'] });
  });

  it('a file cut off is one, with the cameras that should have come after', () => {
    const after = { state: 'missing' as const };
    expect(
      of({ r9: failed('HDU R9 is cut off: it should end at byte 9, the file ends at 5'), z0: after, z1: after }),
    ).toMatchObject([{ kind: 'damaged-file', cameras: ['r9', 'z0', 'z1'], title: 'Damaged file: r9 cut off' }]);
  });

  it('a file of another exposure is an alarm of the data, named by the file check', () => {
    const reason = "Exposure 7: the file's own header says EXPID 8.";
    expect(machineCauses(runOf(7, { state: 'failed', stage: 'split', reason }), [])).toMatchObject([
      { kind: 'wrong-exposure', family: 'data', severity: 'alarm', keys: ['EXPNUM'], members: ['*'] },
    ]);
  });

  it('a transfer that failed is told by the connection alone', () => {
    expect(machineCauses(runOf(7, { state: 'failed', stage: 'transfer', reason: 'no route to host' }), [])).toEqual([]);
  });
});

it('waits with what many cameras could have until most are measured, but not with an amplifier', () => {
  const run = runOf(3, { state: 'running' });
  const jobs = jobsWith(Object.fromEntries(CAMERAS.map((camera) => [camera, { state: 'running' }])));
  const settled = (cameras: readonly CameraName[], off: Off): boolean[] => {
    const measurements = measurementsWith(off, cameras);
    return dataCauses(measurements).map((cause) => isSettled(cause, { run, jobs, measurements }));
  };
  expect(settled(['b0'], { b0: { DELTAMAG_TGT: 3 } })).toEqual([false]);
  expect(settled(CAMERAS.slice(0, 20), { b0: { DELTAMAG_TGT: 3 } })).toEqual([true]);
  expect(settled(['b0'], { b0: { NOISE_AMP: [3, 0, 0, 0] } })).toEqual([true]);
});
