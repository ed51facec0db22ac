import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LimitSamples } from '#shared/domain/limit-samples.ts';
import type { LimitRule } from '#shared/domain/limits.ts';
import type { LimitSampleStore } from '../domain/ports/limit-sample-store.ts';

/** ms of reading until others have their turn: a post that arrives meanwhile must not notice. */
const SLICE_MS = 4;
/** Most numbers in an answer; the oldest exposures are left out beyond it. */
const MAX_SAMPLES = 60_000;

/** Past numbers of a key on the newest exposures, read in small pieces between which the engine works on. */
export async function samplePast(
  store: LimitSampleStore,
  query: Pick<LimitRule, 'key' | 'camera' | 'element' | 'flavor' | 'program'> & { exposures: number },
): Promise<LimitSamples> {
  const found: LimitSamples = { exposures: [], ranges: [], samples: [] };
  const ranges = new Map<string, number>();
  const newest = store.sampledExposures({ flavor: query.flavor, program: query.program, limit: query.exposures });
  let begun = performance.now();
  for (const exposure of newest) {
    if (performance.now() - begun > SLICE_MS) {
      await nextTurn();
      begun = performance.now();
    }
    const samples = store.samplesOf(exposure.expid, query);
    if (samples.length === 0) continue;
    if (found.samples.length + samples.length > MAX_SAMPLES) break;
    const index = found.exposures.push(exposure) - 1;
    for (const { camera, element, value, reference, normal, warn, status } of samples) {
      let place = -1;
      if (normal && warn) {
        const name = [...normal, ...warn].join(' ');
        place = ranges.get(name) ?? found.ranges.push({ normal, warn }) - 1;
        ranges.set(name, place);
      }
      found.samples.push({ exposure: index, camera, element, value, reference, ranges: place, status });
    }
  }
  const last = found.exposures.length - 1;
  found.exposures.reverse();
  for (const sample of found.samples) sample.exposure = last - sample.exposure;
  found.samples.reverse();
  return found;
}
