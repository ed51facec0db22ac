import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { Step } from '#shared/domain/step.ts';
import type { PipelineLog } from '../log.ts';
import { binnedImageFile, preprocFile } from '../products/image-files.ts';
import type { JobFacts, Products } from '../types.ts';
import { EXIT, JobFailure, messageOf } from './failure.ts';
import { mergeQa, originalJson, type QaRecord } from './merged-qa.ts';
import type { PlannedStep } from './plan.ts';
import { recordToJson } from './qa-value.ts';

export interface OutputOptions {
  /** One JSON file a QA beside the merged one. */
  qaJson: boolean;
}

export interface JobResults {
  configuration: JobConfiguration;
  facts: JobFacts;
  products: Products;
  records: readonly QaRecord[];
  plan: readonly PlannedStep[];
}

/** The original's names of the QA files, where they are not the metric's own. */
const FILE_NAMES: Readonly<Record<string, string>> = {
  checkhdus: 'checkHDUs',
  xyshifts: 'trace',
  skyrband: 'skyRband',
  checkarc: 'checkres',
  checkflat: 'checkfibflat',
};

/** Writes a file so that it is complete or absent; a failure is told and returned. */
function write(path: string, content: () => string | Uint8Array, log: PipelineLog): JobFailure[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.part`;
    writeFileSync(part, content());
    renameSync(part, path);
    return [];
  } catch (error) {
    const failure = new JobFailure(EXIT.notWritten, `${path} could not be written: ${messageOf(error)}`, {
      cause: error,
    });
    log.error(failure.message);
    return [failure];
  }
}

/** The products of a step that others (screens, later steps of other programs) want, as soon as they exist. */
export function writeStepProducts(
  { Run, WritePreprocfile }: JobConfiguration,
  step: Step,
  products: Products,
  log: PipelineLog,
): JobFailure[] {
  const { image } = products;
  if (step !== 'preproc' || !image) return [];
  const named = (name: string): string => join(Run.OutputDir, `${name}-${Run.Camera}-${expid8(Run.Expid)}.fits`);
  const failures = write(named('preproc-binned'), () => binnedImageFile(image), log);
  if (WritePreprocfile) failures.push(...write(named('preproc'), () => preprocFile(image), log));
  return failures;
}

/** The merged QA file, and one a QA where that was asked for. */
export function writeOutputs(results: JobResults, options: OutputOptions, log: PipelineLog): JobFailure[] {
  const { configuration, facts, products, records, plan } = results;
  const { Run } = configuration;
  const suffix = `${Run.Camera}-${expid8(Run.Expid)}.json`;
  const failures: JobFailure[] = [];
  if (options.qaJson) {
    for (const record of records) {
      const name = FILE_NAMES[record.qa.metric] ?? record.qa.metric;
      const text = (): string => originalJson(envelope(record, facts, new Date()));
      failures.push(...write(join(Run.OutputDir, `ql-${name}-${suffix}`), text, log));
    }
  }
  const merged = join(Run.OutputDir, `ql-mergedQA-${suffix}`);
  const algorithms = plan.map(({ definition }) => definition.algorithm);
  const generalInfo = recordToJson(products.generalInfo ?? {});
  const failed = write(merged, () => originalJson(mergeQa(facts, generalInfo, records, algorithms)), log);
  if (failed.length === 0) log.info(`Wrote merged QA file ${merged}`);
  return [...failures, ...failed];
}

/** A QA's own document in the original's form. */
function envelope({ algorithm, qa, metrics, params }: QaRecord, facts: JobFacts, now: Date) {
  return {
    CAMERA: facts.camera,
    EXPID: expid8(facts.expid),
    FLAVOR: facts.flavor,
    NIGHT: facts.night,
    ...(facts.flavor === 'science' ? { PROGRAM: facts.program } : {}),
    ...(qa.metric === 'getbias' ? { EXPTIME: facts.exptime } : {}),
    PANAME: algorithm,
    QATIME: now.toISOString().slice(0, -1),
    METRICS: metrics,
    PARAMS: { ...params },
  };
}
