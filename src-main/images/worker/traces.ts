import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import type { FiberTraces } from '#shared/domain/image.ts';
import { asRecord, chooseVersion, requireDetector } from '#shared/fits/calibration-version.ts';
import { Header } from '#shared/fits/header.ts';
import { findGlobalHdu, inheritHeader } from '#shared/fits/inherit.ts';
import { evaluate } from '#shared/fits/legendre-set.ts';
import { readTraceSeries, type TraceSeries } from '#shared/fits/trace-series.ts';
import type { FitsSources } from './fits-source.ts';
import { isImage } from './image-store.ts';
import type { TraceSources } from './protocol.ts';

/** CCD rows between two points of a trace: straight lines between them are good to a hundredth of a pixel. */
const ROW_STEP = 16;
const MAX_EXPANDED = 2 ** 28;
/** Wavelengths between which λ(y) is interpolated. */
const SAMPLES = 256;

/** Finds and reads the traces of a camera; `reason` says why there are none. */
export async function findTraces(
  sources: FitsSources,
  wanted: TraceSources,
): Promise<{ traces: FiberTraces | null; reason: string }> {
  try {
    const file = await psfFile(sources, wanted);
    const packed = await readFile(file);
    const bytes = file.endsWith('.gz') ? gunzipSync(packed, { maxOutputLength: MAX_EXPANDED }) : packed;
    const series = readTraceSeries(bytes, (data, maxOutputLength) => gunzipSync(data, { maxOutputLength }));
    return { traces: sampleTraces(wanted.camera, basename(file), series), reason: '' };
  } catch (error) {
    return { traces: null, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function psfFile(sources: FitsSources, wanted: TraceSources): Promise<string> {
  if (existsSync(wanted.product)) return wanted.product;
  if (!existsSync(wanted.configuration))
    throw new Error('the run has no configuration file of this camera, so the calibration is not known');
  const run = asRecord(asRecord(parse(readFileSync(wanted.configuration, 'utf8')) as unknown)?.['Run']);
  if (!run) throw new Error(`${basename(wanted.configuration)} does not say where the calibration is`);
  if (typeof run['PSFFile'] === 'string') return run['PSFFile'];
  if (typeof run['CalibRoot'] !== 'string') throw new Error('the run had no calibration');
  return indexedPsf(run['CalibRoot'], wanted.camera, await cameraHeader(sources, wanted));
}

/** The PSF that the calibration index of the camera names for this exposure. */
function indexedPsf(directory: string, camera: CameraName, header: Header): string {
  const simulated = join(directory, 'sim');
  const isSimulated = requireDetector(header) === 'SIM' && !directory.endsWith('sim') && existsSync(simulated);
  const root = isSimulated ? simulated : directory;
  const index = [
    join(root, 'spec', `sp${spectrographOf(camera)}`, `${camera}.yaml`),
    join(root, 'ccd_calibration.yaml'),
  ].find((path) => existsSync(path));
  if (index === undefined) throw new Error(`there is no calibration index of ${camera}`);
  const versions = asRecord(parse(readFileSync(index, 'utf8')) as unknown)?.[camera];
  const { name, values } = chooseVersion(versions, header, basename(index));
  const file = values['PSF'];
  if (typeof file !== 'string') throw new Error(`version ${name} of the calibration of ${camera} names no PSF`);
  return isAbsolute(file) ? file : join(root, file);
}

async function cameraHeader(sources: FitsSources, { camera, raw }: TraceSources): Promise<Header> {
  const file = raw.find((path) => existsSync(path));
  if (file === undefined) throw new Error('the raw file is gone, so the calibration is not known');
  return sources.withFits(file, ({ walk }) => {
    const own = walk.hdus.find((hdu) => hdu.name === camera.toUpperCase() && isImage(hdu));
    if (!own) throw new Error(`camera ${camera} is not in ${basename(file)}`);
    const header = inheritHeader(new Header(), own.header);
    const global = findGlobalHdu(walk.hdus) ?? walk.hdus[0];
    return global && global !== own ? inheritHeader(header, global.header) : header;
  });
}

/** x and λ at even CCD rows, by straight lines between many wavelengths; beyond the traces' domain both go on straight. */
export function sampleTraces(camera: CameraName, from: string, series: TraceSeries): FiberTraces {
  const { nspec, npixY, x: xSeries, y: ySeries } = series;
  const rows = Math.ceil((npixY - 1) / ROW_STEP) + 1;
  const x = new Float32Array(nspec * rows);
  const wave = new Float32Array(nspec * rows);
  const ys = new Float64Array(SAMPLES);
  const step = (ySeries.wavemax - ySeries.wavemin) / (SAMPLES - 1);
  for (let fiber = 0; fiber < nspec; fiber++) {
    for (let i = 0; i < SAMPLES; i++) ys[i] = evaluate(ySeries, fiber, ySeries.wavemin + i * step);
    for (let row = 0, at = 0; row < rows; row++) {
      const y = row * ROW_STEP;
      while (at < SAMPLES - 2 && ys[at + 1]! < y) at += 1;
      const share = (y - ys[at]!) / (ys[at + 1]! - ys[at]!);
      const lambda = ySeries.wavemin + (at + share) * step;
      wave[fiber * rows + row] = lambda;
      x[fiber * rows + row] = evaluateStraight(xSeries, fiber, lambda);
    }
  }
  return { camera, from, fibers: nspec, firstRow: 0, rowStep: ROW_STEP, rows, x: x.buffer, wave: wave.buffer };
}

/** The series inside its domain, its tangent outside: a polynomial runs away there. */
function evaluateStraight(series: TraceSeries['x'], fiber: number, wave: number): number {
  const edge = Math.min(series.wavemax, Math.max(series.wavemin, wave));
  const value = evaluate(series, fiber, edge);
  if (edge === wave) return value;
  const inward = edge + Math.sign(edge - wave) * (series.wavemax - series.wavemin) * 1e-3;
  return value + ((value - evaluate(series, fiber, inward)) / (edge - inward)) * (wave - edge);
}
