import type { RunDetail } from '#shared/state/control-room.ts';
import { isEnded } from '#shared/domain/run.ts';
import type { Cause } from './cause.ts';

/** Keys that are one amplifier's or one file's matter: nothing that other cameras may still show changes the cause. */
const AT_ONCE: ReadonlySet<string> = new Set(['NOISE_AMP', 'BIAS_AMP', 'EXPNUM', 'CHECKHDUS']);

/** Share of the cameras that must have been measured before it can be told whether many or one have it. */
const ENOUGH = 0.6;

/** Whether a cause can be told from what a run has shown so far: one camera's sky may be all cameras' a second later. */
export function isSettled({ family, keys }: Cause, { jobs, measurements }: RunDetail): boolean {
  const [key] = keys;
  if (family !== 'data' || key === undefined || AT_ONCE.has(key)) return true;
  const processed = jobs.filter(({ state }) => state !== 'missing' && state !== 'not-expected');
  const measured = new Set(
    measurements.filter(({ keys: judged }) => judged.some((one) => one.key === key)).map(({ camera }) => camera),
  );
  const known = processed.filter(({ camera, state }) => measured.has(camera) || isEnded(state));
  return known.length >= ENOUGH * processed.length;
}
