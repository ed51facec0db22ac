import { linspace } from '../math/grid.ts';
import { interpSorted } from '../math/interp.ts';
import { evaluate } from '../psf/legendre-set.ts';
import type { Image, TraceSet } from '../types.ts';
import { newShiftSamples, type ShiftSamples } from './shift-samples.ts';
import { withoutOutliers } from './smooth-profile-shifts.ts';

/** CCD rows added up before anything else. */
const ROWS = 4;
/** Rows of those that make one sample. */
const SAMPLE = 25;
const HALF_WIDTH = 3;
const LEAST_SNR = 3;
/** Error of a sample: this over its S/N, and the floor, pixels. */
const SNR_ERROR = 20;
const ERROR_FLOOR = 0.01;

/** Rows added up in groups; the inverse variance is the sum too, 0 where one of the pixels is masked. */
interface BinnedImage {
  nx: number;
  ny: number;
  pix: Float64Array;
  ivar: Float64Array;
}

function binRows({ nx, ny, pix, ivar, mask }: Image): BinnedImage {
  const rows = Math.floor(ny / ROWS);
  const out: BinnedImage = { nx, ny: rows, pix: new Float64Array(nx * rows), ivar: new Float64Array(nx * rows) };
  for (let row = 0; row < rows; row++) {
    const to = row * nx;
    for (let x = 0; x < nx; x++) {
      let sum = 0;
      let weight = 0;
      let good = true;
      for (let k = 0; k < ROWS; k++) {
        const i = (row * ROWS + k) * nx + x;
        sum += pix[i]!;
        weight += ivar[i]!;
        if (mask[i] !== 0 || ivar[i] === 0) good = false;
      }
      out.pix[to + x] = sum;
      out.ivar[to + x] = good ? weight : 0;
    }
  }
  return out;
}

/**
 * Shifts along x of the first `nspec` fibers as desispec 0.31 measures them
 * (`compute_dx_from_cross_dispersion_profiles`): the mean distance of the light from the trace in seven whole pixels, over
 * rows added up by four and samples of 25 of those. The window is not centred on the trace, so neither is the mean.
 */
export function originalCrossShifts(image: Image, traces: TraceSet, nspec: number): ShiftSamples {
  const binned = binRows(image);
  const { ny } = binned;
  const nodes = linspace(traces.wavemin, traces.wavemax, ny);
  const rows = Float64Array.from({ length: ny }, (_, row) => row + 0.5);
  const traceX = new Float64Array(ny);
  const traceY = new Float64Array(ny);
  const x = new Float64Array(ny);
  const sums: ProfileSums = {
    light: new Float64Array(ny),
    moment: new Float64Array(ny),
    variance: new Float64Array(ny),
  };
  const out = newShiftSamples();
  for (let f = 0; f < nspec; f++) {
    for (let k = 0; k < ny; k++) {
      traceY[k] = evaluate(traces.y, f, nodes[k]!) / ROWS;
      traceX[k] = evaluate(traces.x, f, nodes[k]!);
    }
    interpSorted(rows, 0, ny, traceY, traceX, ny, x, 0, traceX[0]!, traceX[ny - 1]!);
    profileSums(binned, x, sums);
    const samples = withoutOutliers(sampled(x, sums));
    out.x.push(...samples.x);
    out.y.push(...samples.y);
    out.delta.push(...samples.delta);
    out.error.push(...samples.error);
  }
  return out;
}

/** Per row: Σ flux, Σ (i − x)·flux, Σ 1/ivar. */
interface ProfileSums {
  light: Float64Array;
  moment: Float64Array;
  variance: Float64Array;
}

function profileSums({ nx, ny, pix, ivar }: BinnedImage, x: Float64Array, sums: ProfileSums): void {
  for (let row = 0; row < ny; row++) {
    const center = x[row]!;
    const first = Math.max(Math.trunc(center - HALF_WIDTH), 0);
    const beyond = Math.min(Math.trunc(center + HALF_WIDTH + 1), nx);
    let light = 0;
    let moment = 0;
    let variance = 0;
    for (let i = first; i < beyond; i++) {
      const weight = ivar[row * nx + i]!;
      if (weight === 0) {
        light = 0;
        moment = 0;
        break;
      }
      const value = pix[row * nx + i]!;
      moment += (i - center) * value;
      light += value;
      variance += 1 / weight;
    }
    sums.light[row] = light;
    sums.moment[row] = moment;
    sums.variance[row] = variance;
  }
}

function sampled(x: Float64Array, { light, moment, variance }: ProfileSums): ShiftSamples {
  // The original counts the rows with light, and then takes that many from the first.
  let lit = 0;
  for (const value of light) if (value > 0) lit++;
  const out = newShiftSamples();
  for (let from = 0; from + SAMPLE <= lit; from += SAMPLE) {
    let sum = 0;
    let first = 0;
    let square = 0;
    let sumX = 0;
    let sumY = 0;
    for (let row = from; row < from + SAMPLE; row++) {
      sum += light[row]!;
      first += moment[row]!;
      square += variance[row]!;
      sumX += light[row]! * x[row]!;
      sumY += light[row]! * row;
    }
    const snr = sum / Math.sqrt(square === 0 ? 1 : square);
    if (!(snr > LEAST_SNR)) continue;
    out.x.push(sumX / sum);
    out.y.push((sumY / sum) * ROWS - 0.5);
    out.delta.push(first / sum);
    out.error.push(Math.sqrt((SNR_ERROR / snr) ** 2 + ERROR_FLOOR ** 2));
  }
  return out;
}
