import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import type { PipelineLog } from '../log.ts';
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

/** Runs what writes a file; a failure is told and returned. */
export function attemptWrite(path: string, write: () => void, log: PipelineLog): JobFailure[] {
  try {
    write();
    return [];
  } catch (error) {
    const message = `${path} could not be written: ${messageOf(error)}`;
    log.error(message);
    return [new JobFailure(EXIT.notWritten, message, { cause: error })];
  }
}

/** Writes a text file so that it is complete or absent. */
function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/** The merged QA file, and one a QA where that was asked for. */
export function writeOutputs(results: JobResults, options: OutputOptions, log: PipelineLog): JobFailure[] {
  const { configuration, facts, products, records, plan } = results;
  const { Run } = configuration;
  const suffix = `${Run.Camera}-${expid8(Run.Expid)}.json`;
  const failures = (options.qaJson ? records : []).flatMap((record) => {
    const path = join(Run.OutputDir, `ql-${FILE_NAMES[record.qa.metric] ?? record.qa.metric}-${suffix}`);
    return attemptWrite(path, () => writeText(path, originalJson(envelope(record, facts, new Date()))), log);
  });
  const path = join(Run.OutputDir, `ql-mergedQA-${suffix}`);
  const algorithms = plan.map(({ definition }) => definition.algorithm);
  const generalInfo = recordToJson(products.generalInfo ?? {});
  const merged = (): void => writeText(path, originalJson(mergeQa(facts, generalInfo, records, algorithms)));
  const failed = attemptWrite(path, merged, log);
  if (failed.length === 0) log.info(`Wrote merged QA file ${path}`);
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
