import type { CameraDesign } from '../instrument/camera-design.ts';
import { type Traces, traceSigmaX, traceX } from '../instrument/traces.ts';
import type { Random } from '../random.ts';
import type { Displacement, FiberLight } from './fiber-light.ts';
import { cumulative } from './gaussian.ts';

/** Rows between which trace position and width are interpolated linearly (their bend over these is below 10⁻⁴ px). */
const KNOT = 16;

/** Spreads a fiber's light over the columns with the PSF's Gaussian, integrated over pixels; adds to `image` [row][column]. */
export function addFiber(
  image: Float32Array,
  design: CameraDesign,
  traces: Traces,
  fiber: number,
  light: FiberLight,
  displacement: Displacement,
): void {
  const { columns, rows } = design;
  const { wave, electrons } = light;
  let knotX = traceX(traces, fiber, wave[0]!);
  let knotSigma = Math.hypot(traceSigmaX(traces, fiber, wave[0]!), displacement.blur);
  for (let start = 0; start < rows; start += KNOT) {
    const end = Math.min(rows - 1, start + KNOT);
    const nextX = traceX(traces, fiber, wave[end]!);
    const nextSigma = Math.hypot(traceSigmaX(traces, fiber, wave[end]!), displacement.blur);
    const span = Math.max(1, end - start);
    const stop = Math.min(rows, start + KNOT);
    for (let row = start; row < stop; row++) {
      const part = (row - start) / span;
      const x = knotX + part * (nextX - knotX) + displacement.x;
      const sigma = knotSigma + part * (nextSigma - knotSigma);
      spreadRow(image, row * columns, columns, x, 1 / sigma, electrons[row]!);
    }
    knotX = nextX;
    knotSigma = nextSigma;
  }
}

function spreadRow(
  image: Float32Array,
  at: number,
  columns: number,
  x: number,
  perSigma: number,
  electrons: number,
): void {
  const reach = 4.8 / perSigma;
  const first = Math.max(0, Math.round(x - reach));
  const last = Math.min(columns - 1, Math.round(x + reach));
  let below = cumulative((first - 0.5 - x) * perSigma);
  for (let column = first; column <= last; column++) {
    const above = cumulative((column + 0.5 - x) * perSigma);
    image[at + column]! += electrons * (above - below);
    below = above;
  }
}

/** Adds a constant level, electrons per pixel, to some columns and rows (dark current, stray light). */
export function addLevel(
  image: Float32Array,
  columns: number,
  area: { x0: number; x1: number; y0: number; y1: number },
  electrons: number,
): void {
  for (let row = area.y0; row < area.y1; row++) {
    for (let column = area.x0; column < area.x1; column++) image[row * columns + column]! += electrons;
  }
}

/** Cosmic rays per pixel and second: about 40 on a compact CCD, 660 on a full one, in 1000 s. */
const COSMICS = 3.9e-8;

/**
 * Cosmic rays during the exposure and the readout: straight tracks of 1 to 15 pixels, a few hundred to some thousand
 * electrons, as energetic particles leave in silicon.
 * @returns how many there are
 */
export function addCosmics(image: Float32Array, design: CameraDesign, seconds: number, random: Random): number {
  const { columns, rows } = design;
  const count = random.poisson(COSMICS * columns * rows * (seconds + 60));
  for (let i = 0; i < count; i++) {
    const x = random.between(0, columns);
    const y = random.between(0, rows);
    const angle = random.between(0, Math.PI);
    const length = 1 + 14 * random.uniform() ** 2;
    // Energy loss per pixel of track has a long tail.
    const charge = 350 * Math.exp(0.7 * random.normal()) + 150;
    for (let along = 0; along < length; along += 0.5) {
      const column = Math.floor(x + along * Math.cos(angle));
      const row = Math.floor(y + along * Math.sin(angle));
      if (column >= 0 && column < columns && row >= 0 && row < rows) image[row * columns + column]! += 0.5 * charge;
    }
  }
  return count;
}
