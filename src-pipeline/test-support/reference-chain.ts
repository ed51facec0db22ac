import type { Json } from '#shared/domain/measurement.ts';
import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { SILENT_LOG } from '../log.ts';
import { QA_DEFINITIONS } from '../qa/registry.ts';
import { STEP_DEFINITIONS } from '../steps/registry.ts';
import type { Products, QaValue } from '../types.ts';
import { referenceConfiguration, referenceJob, type ReferenceJob } from './reference.ts';

/** What a step after preprocessing left, and what its QAs measured of it. */
export interface ChainStep {
  algorithm: string;
  products: Products;
  /** By the original's class name; the message of a QA that failed. */
  qas: Record<string, Record<string, QaValue> | string>;
}

/** The configuration that a run of the reference set was made with. */
export function configurationOf(name: string): string {
  const [chain, camera, expid] = name.split('-');
  if (chain === 'qlcalib') return 'qlconfig_science_calib.yaml';
  const full = expid === '110';
  if (chain === 'ql') return `qlconfig_science_${full ? 'full' : 'mini'}.yaml`;
  return `qlconfig_science_qp_${full ? 'full' : camera}.yaml`;
}

/**
 * Runs the steps of a reference run after preprocessing, each followed by its QAs. With memory that is used again only the
 * last step's spectra are what they were.
 */
export function runReferenceChain(
  name: string,
  compatible: boolean,
  job: ReferenceJob = referenceJob(name, compatible),
  buffers: BufferSource = FRESH_BUFFERS,
): ChainStep[] {
  const { Pipeline, Algorithms } = referenceConfiguration(configurationOf(name));
  const { facts } = job;
  let { products } = job;
  return Pipeline.filter((algorithm) => algorithm !== 'Initialize' && algorithm !== 'Preproc').map((algorithm) => {
    const step = STEP_DEFINITIONS.find((one) => one.algorithm === algorithm)!;
    const { QA = {}, ...options } = Algorithms[algorithm] ?? {};
    products = {
      ...products,
      ...step.run(products, { ...facts, buffers, options: options as Record<string, Json>, log: SILENT_LOG }),
    };
    const qas = Object.entries(QA).map(([qa, { PARAMS }]) => {
      const definition = QA_DEFINITIONS.find((one) => one.algorithm === qa)!;
      try {
        return [qa, definition.run(products, { ...facts, params: PARAMS, log: SILENT_LOG }).metrics] as const;
      } catch (error) {
        return [qa, (error as Error).message] as const;
      }
    });
    return { algorithm, products, qas: Object.fromEntries<ChainStep['qas'][string]>(qas) };
  });
}
