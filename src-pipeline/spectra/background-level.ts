import { medianInPlace } from '../math/statistics.ts';
import { evaluate } from '../psf/legendre-set.ts';
import type { AmpFacts, Image, TraceSet } from '../types.ts';

/** Columns beside the outermost fibers that get no light of theirs, pixels from the trace. */
const NEAREST = 12;
const FARTHEST = 60;
const FEWEST_COLUMNS = 4;
/** Rows looked at: one in so many. */
const ROW_STEP = 4;
/** Pixels further than so many read noises from the median (cosmic rays) do not count. */
const NSIG_CLIP = 5;

/**
 * What a pixel without light holds (dark current, stray light, what is left of the bias), electrons, under the spectra of
 * the left and of the right half of the fibers: clipped means beside the first and the last fiber, of the lower and
 * the upper amplifier in equal parts. 0 where the CCD has no room beside the fibers.
 */
export function backgroundLevels(image: Image, traces: TraceSet): { left: number; right: number } {
  const ends = [traces.wavemin, (traces.wavemin + traces.wavemax) / 2, traces.wavemax];
  const first = Math.min(...ends.map((wave) => evaluate(traces.x, 0, wave)));
  const last = Math.max(...ends.map((wave) => evaluate(traces.x, traces.nspec - 1, wave)));
  const strip = (from: number, to: number): number =>
    level(image, Math.max(0, Math.ceil(from)), Math.min(image.nx, Math.floor(to)));
  return { left: strip(first - FARTHEST, first - NEAREST), right: strip(last + NEAREST, last + FARTHEST) };
}

/** Mean of the levels of the amplifiers that have pixels in these columns. */
function level(image: Image, from: number, to: number): number {
  if (to - from < FEWEST_COLUMNS) return 0;
  const levels = image.amps.flatMap((amp) => levelOfAmp(image, amp, from, to) ?? []);
  return levels.length === 0 ? 0 : levels.reduce((sum, one) => sum + one, 0) / levels.length;
}

function levelOfAmp({ nx, pix, mask }: Image, amp: AmpFacts, from: number, to: number): number | null {
  const { x0, x1, y0, y1 } = amp.ccdsec;
  const [low, high] = [Math.max(from, x0), Math.min(to, x1)];
  if (high - low < FEWEST_COLUMNS) return null;
  const values = new Float64Array((high - low) * Math.ceil((y1 - y0) / ROW_STEP));
  let n = 0;
  for (let y = y0; y < y1; y += ROW_STEP) {
    for (let i = y * nx + low; i < y * nx + high; i++) if (mask[i] === 0) values[n++] = pix[i]!;
  }
  if (n === 0) return null;
  const middle = medianInPlace(values, n);
  let sum = 0;
  let count = 0;
  for (let k = 0; k < n; k++) {
    if (Math.abs(values[k]! - middle) > NSIG_CLIP * amp.obsrdn) continue;
    sum += values[k]!;
    count++;
  }
  return sum / count;
}
