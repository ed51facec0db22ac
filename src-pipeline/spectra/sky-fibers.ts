import type { PipelineLog } from '../log.ts';
import { medianInPlace } from '../math/statistics.ts';
import { fibersWithLight } from './light.ts';

function medianFlux(flux: Float64Array, n: number, f: number): number {
  return medianInPlace(flux.slice(f * n, (f + 1) * n), n);
}

/** The faintest half of the fibers by median flux, to stand in where the fibermap names no sky fibers. */
export function faintestHalf(flux: Float64Array, nspec: number, n: number, log: PipelineLog): number[] {
  log.warning('No sky fibers: the faintest half of the fibers is taken for sky');
  const medians = Array.from({ length: nspec }, (_, f) => medianFlux(flux, n, f));
  return Array.from(medians.keys())
    .sort((a, b) => medians[a]! - medians[b]!)
    .slice(0, nspec >> 1)
    .sort((a, b) => a - b);
}

/** The sky fibers without those that have no light: they would pull the sky's spectrum down. */
export function litSkyFibers(flux: Float64Array, n: number, fibers: readonly number[], log: PipelineLog): number[] {
  const lit = fibersWithLight(fibers.map((f) => medianFlux(flux, n, f)));
  const kept = fibers.filter((_, k) => lit[k]!);
  const dark = fibers.filter((_, k) => !lit[k]!);
  if (dark.length > 0) log.warning(`Sky fibers without light are left out: ${dark.join(', ')}`);
  return kept;
}
