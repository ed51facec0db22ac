import type { CameraName } from '#shared/domain/camera.ts';
import { Random } from '../random.ts';
import type { CameraDesign } from './camera-design.ts';
import { legendre, legendreSlope } from './legendre.ts';

export const TRACE_COEFFICIENTS = 6;
export const SIGMA_COEFFICIENTS = 4;

/**
 * Where each fiber's light of each wavelength falls and how wide it is: Legendre coefficients [fiber][degree] in
 * u = 2 (λ − waveMin) / (waveMax − waveMin) − 1, pixels (0 is the centre of the first pixel).
 */
export interface Traces {
  readonly fibers: number;
  readonly waveMin: number;
  readonly waveMax: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sigmaX: Float64Array;
  readonly sigmaY: Float64Array;
}

/**
 * The calibration truth of a camera. Dispersion falls towards the red by a seventh, the wavelengths of middle fibers lie
 * lower than those of the edges (the smile), and the traces bend outwards, as those of the real spectrographs do.
 */
export function designTraces(design: CameraDesign, camera: CameraName): Traces {
  const { fibers, rows } = design;
  const random = new Random('instrument', 'traces', design.size, camera);
  const x = new Float64Array(fibers * TRACE_COEFFICIENTS);
  const y = new Float64Array(fibers * TRACE_COEFFICIENTS);
  const sigmaX = new Float64Array(fibers * SIGMA_COEFFICIENTS);
  const sigmaY = new Float64Array(fibers * SIGMA_COEFFICIENTS);
  const offset = random.between(-1, 1);
  const bend = design.columns / 500;
  for (let fiber = 0; fiber < fibers; fiber++) {
    // -1 at the first fiber, +1 at the last
    const s = (2 * fiber) / (fibers - 1) - 1;
    const t = fiber * TRACE_COEFFICIENTS;
    const jitter = 0.1 * random.between(-1, 1);
    x.set([fiberPlace(design, fiber) + offset + jitter, 0.6 + s, bend * s, -0.08 * bend * s, 0.05, 0], t);
    const smile = 0.0019 * rows * (s * s - 0.5);
    const slope = 0.50187 * rows;
    const change = 0.01125 * rows;
    y.set([(rows - 1) / 2 - change + smile, slope, change, 0.0002 * rows, 0.1, 0], t);
    const w = fiber * SIGMA_COEFFICIENTS;
    sigmaX.set([design.sigmaX + 0.013 * s * s, 0.02, 0.02, 0], w);
    sigmaY.set([design.sigmaY + 0.013 * s * s, -0.02, 0.03, 0], w);
  }
  return { fibers, waveMin: design.waveMin, waveMax: design.waveMax, x, y, sigmaX, sigmaY };
}

/** x of a fiber's middle, the whole slit centred on the CCD. */
function fiberPlace(design: CameraDesign, fiber: number): number {
  const { fibers, pitch, bundleGap, columns } = design;
  const step = bundleGap - pitch;
  const last = fibers - 1;
  const width = last * pitch + Math.floor(last / 25) * step;
  return (columns - 1 - width) / 2 + fiber * pitch + Math.floor(fiber / 25) * step;
}

export function normalizedWave(traces: Traces, wave: number): number {
  return (2 * (wave - traces.waveMin)) / (traces.waveMax - traces.waveMin) - 1;
}

export function traceX(traces: Traces, fiber: number, wave: number): number {
  return legendre(traces.x, fiber * TRACE_COEFFICIENTS, TRACE_COEFFICIENTS, normalizedWave(traces, wave));
}

export function traceY(traces: Traces, fiber: number, wave: number): number {
  return legendre(traces.y, fiber * TRACE_COEFFICIENTS, TRACE_COEFFICIENTS, normalizedWave(traces, wave));
}

export function traceSigmaX(traces: Traces, fiber: number, wave: number): number {
  return legendre(traces.sigmaX, fiber * SIGMA_COEFFICIENTS, SIGMA_COEFFICIENTS, normalizedWave(traces, wave));
}

export function traceSigmaY(traces: Traces, fiber: number, wave: number): number {
  return legendre(traces.sigmaY, fiber * SIGMA_COEFFICIENTS, SIGMA_COEFFICIENTS, normalizedWave(traces, wave));
}

/**
 * Wavelength at the centre of each row of a fiber, Angstrom, and how many Angstrom the row covers.
 * @param shift pixels by which the light lies higher than the traces say
 */
export function rowWavelengths(
  traces: Traces,
  fiber: number,
  rows: number,
  shift: number,
): { wave: Float64Array; step: Float64Array } {
  const wave = new Float64Array(rows);
  const step = new Float64Array(rows);
  const start = fiber * TRACE_COEFFICIENTS;
  const perU = (traces.waveMax - traces.waveMin) / 2;
  let u = -1;
  for (let row = 0; row < rows; row++) {
    // Newton's method; from the second row on the neighbour is so near that one round reaches 10⁻⁹ of a row.
    const rounds = row === 0 ? 8 : 1;
    let slope = 1;
    for (let round = 0; round < rounds; round++) {
      slope = legendreSlope(traces.y, start, TRACE_COEFFICIENTS, u);
      u += (row - shift - legendre(traces.y, start, TRACE_COEFFICIENTS, u)) / slope;
    }
    wave[row] = traces.waveMin + (u + 1) * perU;
    step[row] = perU / slope;
    u += 1 / slope;
  }
  return { wave, step };
}
