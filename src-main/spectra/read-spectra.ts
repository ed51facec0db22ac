import { join } from 'node:path';
import { armOf, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { ArmSpectrum } from '#shared/domain/fiber.ts';
import { axesOf, type Hdu } from '#shared/fits/hdu.ts';
import { decodeImage, decodeStored, pixelsAsFloat64 } from '#shared/fits/image.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { cleanedWords } from '../domain/retention.ts';
import { withFitsFile, type FitsFile } from './fits-file.ts';

/** Which camera's product of which run. */
export interface SpectraSource {
  /** Output folder of the run. */
  folder: string;
  expid: number;
  camera: CameraName;
  /** When the spectra of the run were cleaned away; null: never. */
  cleanedAt: number | null;
}

const NONE = new Float32Array(0);

function missing({ camera }: SpectraSource, why: string): ArmSpectrum {
  return {
    arm: armOf(camera),
    camera,
    unit: '',
    wavelength: new Float64Array(0),
    flux: NONE,
    error: NONE,
    fibers: 0,
    missing: why,
  };
}

/** Row `y` of a two-dimensional image of 32-bit floating point. */
async function rowOf(file: FitsFile, hdu: Hdu, bins: number, y: number): Promise<Float32Array> {
  const bytes = bins * Float32Array.BYTES_PER_ELEMENT;
  return decodeStored(await file.part(hdu, y * bytes, bytes), -32, bins) as Float32Array;
}

function pathOf({ folder, expid, camera }: SpectraSource): string {
  return join(folder, `spectra-${camera}-${expid8(expid)}.fits`);
}

interface Opened {
  flux: Hdu;
  error: Hdu;
  bins: number;
  rows: number;
  unit: string;
  wavelength: Float64Array;
}

async function openSpectra(file: FitsFile): Promise<Opened> {
  const flux = file.hdu('FLUX');
  const [bins = 0, rows = 0] = axesOf(flux.header);
  const grid = file.hdu('WAVELENGTH');
  const wavelength = pixelsAsFloat64(decodeImage(grid.header, await file.data(grid)));
  return { flux, error: file.hdu('ERROR'), bins, rows, unit: flux.header.text('BUNIT') ?? '', wavelength };
}

const NOT_WRITTEN = 'no spectra yet: the pipeline writes them at the end of the job';

/** What is read; a damaged product is missing in its own arm, with the reason, and hides no other. */
async function orMissing(source: SpectraSource, reading: Promise<ArmSpectrum | undefined>): Promise<ArmSpectrum> {
  try {
    return (await reading) ?? missing(source, source.cleanedAt === null ? NOT_WRITTEN : cleanedWords(source.cleanedAt));
  } catch (error) {
    if (error instanceof QlfError) return missing(source, error.message);
    throw error;
  }
}

/** The spectrum of fiber `local` (0 … 499) of a camera. */
export function readSpectrum(source: SpectraSource, local: number): Promise<ArmSpectrum> {
  const { camera } = source;
  const reading = withFitsFile(pathOf(source), async (file): Promise<ArmSpectrum> => {
    const { flux, error, bins, rows, unit, wavelength } = await openSpectra(file);
    if (local >= rows) return missing(source, `${camera} has ${rows} fibers`);
    return {
      arm: armOf(camera),
      camera,
      unit,
      wavelength,
      flux: await rowOf(file, flux, bins, local),
      error: await rowOf(file, error, bins, local),
      fibers: 1,
      missing: '',
    };
  });
  return orMissing(source, reading);
}

/** Most spectra that a median is taken of: 4 kB each. */
const MOST = 500;

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Bin by bin the median of what the spectra have there. */
export function medianSpectrum(spectra: readonly Float32Array[], bins: number): Float32Array {
  return Float32Array.from({ length: bins }, (_, i) => {
    const values = spectra.map((flux) => flux[i] ?? NaN).filter((value) => !Number.isNaN(value));
    return medianOf(Float64Array.from(values).sort());
  });
}

/** The median of some fibers of a camera, without an error. */
export function readMedian(source: SpectraSource, locals: readonly number[]): Promise<ArmSpectrum> {
  const reading = withFitsFile(pathOf(source), async (file): Promise<ArmSpectrum> => {
    const { flux, bins, rows, unit, wavelength } = await openSpectra(file);
    const there = locals.filter((local) => local < rows).slice(0, MOST);
    const spectra: Float32Array[] = [];
    for (const local of there) {
      const row = await rowOf(file, flux, bins, local);
      if (row.some((value) => !Number.isNaN(value))) spectra.push(row);
    }
    if (spectra.length === 0) return missing(source, `${source.camera} has no such fibers`);
    return {
      arm: armOf(source.camera),
      camera: source.camera,
      unit,
      wavelength,
      flux: medianSpectrum(spectra, bins),
      error: NONE,
      fibers: spectra.length,
      missing: '',
    };
  });
  return orMissing(source, reading);
}
