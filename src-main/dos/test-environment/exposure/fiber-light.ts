import type { Arm } from '#shared/domain/camera.ts';
import { calibrationAt, type FiberFlat } from '../instrument/throughput.ts';
import { rowWavelengths, type Traces, traceSigmaY, traceY } from '../instrument/traces.ts';
import { ARC_LINES, flatLamp } from '../sky/lamps.ts';
import type { Line } from '../sky/line.ts';
import { SKY_LINES, skyContinuum } from '../sky/sky-spectrum.ts';
import type { Target } from '../sky/targets.ts';
import { fluxAt } from '../sky/templates.ts';
import { gaussianIntegral } from './gaussian.ts';

/** What shines into the fibers of a camera. */
export type Illumination =
  | {
      readonly kind: 'sky';
      readonly targets: readonly Target[];
      readonly exptime: number;
      readonly airmass: number;
      readonly seeing: number;
      readonly transparency: number;
      readonly skyContinuum: number;
      readonly skyLines: number;
    }
  | { readonly kind: 'arc' | 'flat'; readonly exptime: number };

export interface FiberLight {
  /** Wavelength at each row's centre, Angstrom. */
  readonly wave: Float64Array;
  /** Electrons expected in each row, all columns together. */
  readonly electrons: Float64Array;
}

/** How the light lies on this exposure, against the calibration's traces. */
export interface Displacement {
  readonly x: number;
  readonly y: number;
  /** Pixels added in quadrature to both widths of the PSF. */
  readonly blur: number;
}

/** Light of one fiber along the CCD's rows: continuum at the rows' wavelengths, lines as Gaussians integrated over pixels. */
export function fiberLight(
  arm: Arm,
  traces: Traces,
  flat: FiberFlat,
  fiber: number,
  rows: number,
  illumination: Illumination,
  displacement: Displacement,
): FiberLight {
  const { wave, step } = rowWavelengths(traces, fiber, rows, displacement.y);
  const electrons = new Float64Array(rows);
  const continuum = continuumOf(arm, fiber, illumination);
  for (let row = 0; row < rows; row++) {
    const w = wave[row]!;
    electrons[row] = continuum(w) * step[row]! * flat.at(fiber, w);
  }
  const { lines, factor } = linesOf(illumination);
  for (const line of lines) {
    if (line.wave < traces.waveMin || line.wave > traces.waveMax) continue;
    const total = line.rate * factor * flat.at(fiber, line.wave);
    const y = traceY(traces, fiber, line.wave) + displacement.y;
    const sigma = Math.hypot(traceSigmaY(traces, fiber, line.wave), displacement.blur);
    const first = Math.max(0, Math.round(y - 5 * sigma));
    const last = Math.min(rows - 1, Math.round(y + 5 * sigma));
    for (let row = first; row <= last; row++) electrons[row]! += total * gaussianIntegral(row - y, sigma);
  }
  return { wave, electrons };
}

/** Electrons per Angstrom of the exposure in a fiber of unit throughput. */
function continuumOf(arm: Arm, fiber: number, light: Illumination): (wave: number) => number {
  switch (light.kind) {
    case 'arc':
      return () => 0;
    case 'flat':
      return (wave) => light.exptime * flatLamp(arm, wave);
    case 'sky': {
      const target = light.targets[fiber]?.spectrum ?? null;
      const sky = light.exptime * light.skyContinuum;
      const clear = light.exptime * light.transparency;
      if (target === null) return (wave) => sky * skyContinuum(arm, wave);
      return (wave) =>
        sky * skyContinuum(arm, wave) +
        clear * fluxAt(target, wave) * calibrationAt(arm, wave, light.airmass, light.seeing);
    }
  }
}

function linesOf(light: Illumination): { lines: readonly Line[]; factor: number } {
  switch (light.kind) {
    case 'arc':
      return { lines: ARC_LINES, factor: light.exptime };
    case 'flat':
      return { lines: [], factor: 0 };
    case 'sky':
      return { lines: SKY_LINES, factor: light.exptime * light.skyLines };
  }
}
