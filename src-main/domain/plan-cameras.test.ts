import { expect, it } from 'vitest';
import { planCameras } from './plan-cameras.ts';

it('gives every camera one job and never takes absence for good', () => {
  const plan = planCameras(
    ['b0', 'r0', 'z0'],
    [
      { camera: 'b0', ok: true, path: '/x', bytes: 1 },
      { camera: 'r0', ok: false, reason: 'cut off' },
      { camera: 'b5', ok: true, path: '/y', bytes: 1 },
    ],
  );
  const states = Object.fromEntries(plan.map((job) => [job.camera, job.state]));
  expect(plan).toHaveLength(30);
  expect(states).toMatchObject({ b0: 'waiting', r0: 'failed', z0: 'missing', b5: 'waiting', b1: 'not-expected' });
  expect(plan.find((job) => job.camera === 'r0')?.reason).toBe('cut off');
});
