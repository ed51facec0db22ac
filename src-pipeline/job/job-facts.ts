import { armOf, spectrographOf, type Arm } from '#shared/domain/camera.ts';
import { isScienceFlavor } from '#shared/domain/exposure.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { Header } from '#shared/fits/header.ts';
import type { FiberMap, JobFacts, RawCamera } from '../types.ts';

/** Sky lines of the stock science configuration, Å. */
const STOCK_PEAKS: Readonly<Record<Arm, readonly number[]>> = {
  b: [3914.4, 5578.9],
  r: [6301.9, 7342.8],
  z: [8432.4, 9378.5],
};

/** What configuration, raw header and fibermap say about the exposure. */
export function jobFacts(
  { Run, Algorithms }: JobConfiguration,
  raw: RawCamera,
  fibermap: FiberMap | undefined,
): JobFacts {
  const headers = fibermap ? [raw.header, fibermap.header] : [raw.header];
  const initialize: Readonly<Record<string, Json>> = Algorithms['Initialize'] ?? {};
  const program = Run.Program ?? text(fibermap ? [fibermap.header, raw.header] : headers, 'PROGRAM');
  const flavor = Run.Flavor.trim().toLowerCase();
  return {
    camera: Run.Camera,
    arm: armOf(Run.Camera),
    spectrograph: spectrographOf(Run.Camera),
    expid: Run.Expid,
    night: Run.Night,
    flavor: isScienceFlavor(flavor) ? 'science' : flavor,
    program: program === null ? null : program.trim().toLowerCase(),
    exptime: number(headers, 'EXPTIME') ?? 0,
    airmass: number(headers, 'AIRMASS'),
    seeing: number(headers, 'SEEING') ?? number(headers, 'ETCSEENG') ?? number(headers, 'PMSEEING'),
    compatible: Run.Compatibility === 'desispec-0.31',
    peaks: peaksOf(initialize['PEAKS']),
  };
}

function number(headers: readonly Header[], keyword: string): number | null {
  for (const header of headers) {
    const value = header.number(keyword);
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return null;
}

function text(headers: readonly Header[], keyword: string): string | null {
  for (const header of headers) {
    const value = header.text(keyword);
    if (value !== undefined && value.trim() !== '') return value;
  }
  return null;
}

function peaksOf(option: Json | undefined): JobFacts['peaks'] {
  const table = typeof option === 'object' && option !== null && !Array.isArray(option) ? option : {};
  const list = (arm: Arm): readonly number[] => {
    const peaks = table[`${arm.toUpperCase()}_PEAKS`];
    return Array.isArray(peaks) && peaks.every((peak) => typeof peak === 'number') ? peaks : STOCK_PEAKS[arm];
  };
  return { b: list('b'), r: list('r'), z: list('z') };
}
