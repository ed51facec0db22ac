import type { RowTraces } from '../extract/row-traces.ts';
import { mean } from '../math/statistics.ts';
import type { Image } from '../types.ts';
import { newShiftSamples, type ShiftSamples } from './shift-samples.ts';
import { withoutOutliers } from './smooth-profile-shifts.ts';

/** CCD rows that make one sample. */
const SAMPLE = 100;
/** Half width of the window, pixels: half-way to the next fiber. */
const HALF_WIDTH = 3.5;
/** A sample counts when its centroid is known to this, pixels. */
const MOST_ERROR = 0.3;
/** What no photon statistics tells, pixels. */
const ERROR_FLOOR = 0.01;
/** Pixels; a window so far off its light distorts. */
const LARGE = 0.1;

/**
 * Shifts along x: the centroid of the light in a window centred on the trace (pixel i covers i − ½ … i + ½, those at the
 * edges count by the part inside), over samples of a hundred CCD rows, with the error of its photons and read noise.
 * Rows with a masked pixel in the window are left out. Outliers along a fiber are dropped. Where the shifts are large the
 * window is moved by their mean and all is measured again, since a window beside the light cuts its wing off.
 */
export function crossShifts(image: Image, rows: RowTraces): ShiftSamples {
  const first = shiftsFrom(image, rows, 0);
  const offset = mean(first.delta);
  return Math.abs(offset) > LARGE ? shiftsFrom(image, rows, offset) : first;
}

/** The shifts as measured in windows `offset` pixels from the traces. */
function shiftsFrom(image: Image, rows: RowTraces, offset: number): ShiftSamples {
  const out = newShiftSamples();
  for (let f = 0; f < rows.nspec; f++) {
    const samples = newShiftSamples();
    for (let row = 0; row + SAMPLE <= rows.nrow; row += SAMPLE) sample(image, rows, offset, f, row, samples);
    const kept = withoutOutliers(samples);
    out.x.push(...kept.x);
    out.y.push(...kept.y);
    out.delta.push(...kept.delta);
    out.error.push(...kept.error);
  }
  return out;
}

function sample(image: Image, rows: RowTraces, offset: number, f: number, rowFrom: number, out: ShiftSamples): void {
  const { nx, pix, ivar, mask } = image;
  let light = 0;
  let moment = 0;
  let variance = 0;
  let sumX = 0;
  let sumY = 0;
  for (let row = rowFrom; row < rowFrom + SAMPLE; row++) {
    const center = rows.x[f * rows.nrow + row]! + offset;
    const low = center - HALF_WIDTH;
    const high = center + HALF_WIDTH;
    const first = Math.floor(low + 0.5);
    const last = Math.floor(high + 0.5);
    if (!(first >= 0 && last < nx)) continue;
    // The two pixels at the edges by the part inside, and where its middle is.
    const base = row * nx;
    const firstPart = first + 0.5 - low;
    const lastPart = high - (last - 0.5);
    const firstArm = firstPart * (low + firstPart / 2 - center);
    const lastArm = lastPart * (high - lastPart / 2 - center);
    let rowLight = firstPart * pix[base + first]! + lastPart * pix[base + last]!;
    let rowMoment = firstArm * pix[base + first]! + lastArm * pix[base + last]!;
    let rowVariance = (firstArm * firstArm) / ivar[base + first]! + (lastArm * lastArm) / ivar[base + last]!;
    let bad = mask[base + first]! | mask[base + last]!;
    for (let i = first + 1; i < last; i++) {
      const distance = i - center;
      const value = pix[base + i]!;
      rowLight += value;
      rowMoment += distance * value;
      rowVariance += (distance * distance) / ivar[base + i]!;
      bad |= mask[base + i]!;
    }
    if (bad !== 0 || !(rowVariance < Infinity)) continue;
    light += rowLight;
    moment += rowMoment;
    variance += rowVariance;
    sumX += rowLight * center;
    sumY += rowLight * row;
  }
  const error = Math.sqrt(variance) / light;
  if (!(light > 0 && error <= MOST_ERROR)) return;
  out.x.push(sumX / light);
  out.y.push(sumY / light);
  out.delta.push(offset + moment / light);
  out.error.push(Math.hypot(error, ERROR_FLOOR));
}
