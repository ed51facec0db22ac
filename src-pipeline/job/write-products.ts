import { join } from 'node:path';
import { assertNever } from '#shared/assert-never.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import type { Step } from '#shared/domain/step.ts';
import type { PipelineLog } from '../log.ts';
import { type HduStream, writeFitsFile } from '../products/fits-stream.ts';
import { binnedImageFile, preprocFile } from '../products/image-files.ts';
import { fiberFlatFile, frameFile, isQFrame, psfFile, screenSpectraFile, skyFile } from '../products/spectra-files.ts';
import type { JobFacts, Products } from '../types.ts';
import type { JobFailure } from './failure.ts';
import { attemptWrite } from './write-outputs.ts';

/** A file name without camera and exposure, and what goes into it. */
type ProductFile = readonly [name: string, hdus: () => Iterable<HduStream>];

/**
 * Writes the products of a step as soon as they exist: the image for the screens always, the original's files on request (WritePreprocfile: the preprocessed image; WriteIntermediatefiles: all others; WriteSkyModelfile: the sky).
 * @returns what could not be written
 */
export function writeStepProducts(
  configuration: JobConfiguration,
  step: Step,
  products: Products,
  facts: JobFacts,
  log: PipelineLog,
): JobFailure[] {
  const asked = (key: string): boolean => (configuration as Readonly<Record<string, unknown>>)[key] === true;
  const files = [
    ...screenImage(step, products, facts),
    ...(asked('WritePreprocfile') ? preprocFiles(step, products) : []),
    ...(asked('WriteIntermediatefiles') ? intermediateFiles(step, products, facts) : []),
    ...(asked('WriteIntermediatefiles') || asked('WriteSkyModelfile') ? skyFiles(step, products, facts) : []),
  ];
  return writeFiles(configuration.Run, files, log);
}

/** Written at the end of the job, from what the last step that succeeded left: the spectra for the screens. */
export function writeSpectra(
  { Run }: JobConfiguration,
  products: Products,
  facts: JobFacts,
  log: PipelineLog,
): JobFailure[] {
  const spectra = products.qframe ?? products.frame;
  return spectra ? writeFiles(Run, [['spectra', () => screenSpectraFile(spectra, facts)]], log) : [];
}

function writeFiles(run: QlRunBlock, files: readonly ProductFile[], log: PipelineLog): JobFailure[] {
  return files.flatMap(([name, hdus]) => {
    const path = join(run.OutputDir, `${name}-${run.Camera}-${expid8(run.Expid)}.fits`);
    return attemptWrite(path, () => writeFitsFile(path, hdus()), log);
  });
}

function screenImage(step: Step, { image }: Products, facts: JobFacts): ProductFile[] {
  return step === 'preproc' && image ? [['preproc-binned', () => binnedImageFile(image, facts)]] : [];
}

function preprocFiles(step: Step, { image, calibration }: Products): ProductFile[] {
  return step === 'preproc' && image ? [['preproc', () => preprocFile(image, calibration)]] : [];
}

function skyFiles(step: Step, { sky }: Products, facts: JobFacts): ProductFile[] {
  return step === 'sky' && sky ? [['sky', () => skyFile(sky, facts)]] : [];
}

function intermediateFiles(step: Step, products: Products, facts: JobFacts): ProductFile[] {
  const { traces, fibermap, computedFlat } = products;
  const spectra = products.frame ?? products.qframe;
  const frameNamed = (name: string): ProductFile[] =>
    spectra ? [[name, () => frameFile(spectra, fibermap, facts)]] : [];
  switch (step) {
    case 'initialize':
    case 'preproc':
      return [];
    case 'flexure':
    case 'resolution':
      return traces ? [['psf', () => psfFile(traces, facts)]] : [];
    case 'extract':
      return frameNamed(spectra && isQFrame(spectra) ? 'qframe' : 'frame');
    case 'fiberflat':
      return frameNamed('fframe');
    case 'sky':
      return frameNamed('sframe');
    case 'fluxcal':
      return frameNamed('cframe');
    case 'fiberflat-compute':
      return computedFlat ? [['fiberflat', () => fiberFlatFile(computedFlat, facts)]] : [];
    default:
      return assertNever(step, 'step');
  }
}
