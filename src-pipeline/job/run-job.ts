import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import { wireStatus } from '#shared/qa/status.ts';
import type { BufferSource } from '../buffers.ts';
import { CHECKHDUS, checkHdus } from '../qa/checkhdus.ts';
import { release } from '../release.ts';
import { MissingProductError, type JobFacts, type Products, type QaDefinition } from '../types.ts';
import type { EmitEvent } from './events.ts';
import { EXIT, JobFailure, messageOf } from './failure.ts';
import { jobLog } from './job-log.ts';
import { judgeMetrics } from './judge-qa.ts';
import type { QaRecord } from './merged-qa.ts';
import { planJob, type PlannedStep } from './plan.ts';
import { recordToJson } from './qa-value.ts';
import { readInputs } from './read-inputs.ts';
import { type OutputOptions, writeOutputs } from './write-outputs.ts';
import { writeSpectra, writeStepProducts } from './write-products.ts';

/**
 * Processes one camera: reads the inputs, runs each step and, right after it, its QAs, tells each result at once, and writes
 * the products. A QA that fails stops nothing else; a step that fails stops those that need it.
 * @throws JobFailure with the exit code; when several things went wrong, the first cause
 */
export async function runJob(
  configuration: JobConfiguration,
  options: OutputOptions,
  emit: EmitEvent,
  buffers: BufferSource,
): Promise<void> {
  const log = jobLog(emit, 'QuickLook');
  const plan = planJob(configuration);
  const inputs = await readInputs(configuration, plan, emit);
  const { facts, problems } = inputs;
  let { products } = inputs;
  const records: QaRecord[] = [];
  const failures: JobFailure[] = [...problems];
  const qa = (definition: QaDefinition, params: QaRecord['params'], step: PlannedStep): void => {
    const record = runQa(definition, params, step, products, facts, emit);
    if (record instanceof JobFailure) failures.push(record);
    else records.push(record);
  };

  log.info(`Pipeline steps: ${plan.map(({ definition }) => definition.algorithm).join(', ')}`);
  for (const step of plan) {
    const { algorithm, onFailure } = step.definition;
    log.info(`Starting to run step ${algorithm}`);
    emit({ kind: 'working', text: `Running ${algorithm}` });
    try {
      products = { ...products, ...step.definition.run(products, { ...facts, options: step.options, buffers, log }) };
    } catch (error) {
      emit({ kind: 'resting' });
      failures.push(stepFailure(step, error, emit));
      if (onFailure === 'stop') break;
    }
    for (const { definition, params } of step.qas) qa(definition, params, step);
    refuseForeignFile(products, facts, step, qa);
    emit({ kind: 'resting' });
    log.info(`Step ${algorithm} finished.`);
    failures.push(...writeStepProducts(configuration, step.definition.step, products, facts, log));
    if (step.definition.step === 'preproc') products = withoutCcdInputs(products);
  }
  log.info('Pipeline processing finished. Serializing result');
  failures.push(...writeSpectra(configuration, products, facts, log));
  failures.push(...writeOutputs({ configuration, facts, products, records, plan }, options, log));
  const [first] = failures;
  if (first) throw first;
}

/** Nothing after preprocessing, its QAs and products looks at raw pixels and calibration images: hundreds of megabytes. */
function withoutCcdInputs(products: Products): Products {
  const { raw, calibration, ...rest } = products;
  for (const array of [raw.pix, calibration?.bias, calibration?.dark, calibration?.pixflat, calibration?.mask]) {
    if (array) release(array);
  }
  return { ...rest, raw: { ...raw, nx: 0, ny: 0, pix: new Uint16Array(0) } };
}

function stepFailure({ definition }: PlannedStep, error: unknown, emit: EmitEvent): JobFailure {
  const text = `Failed to run PA ${definition.algorithm} error was ${messageOf(error)}`;
  emit({ kind: 'log', logger: 'QuickLook', level: 'CRITICAL', text });
  return new JobFailure(EXIT.step, text, { cause: error });
}

/** Measurements of another exposure or camera must not be taken for this one's: the job ends there. */
function refuseForeignFile(
  products: Products,
  facts: JobFacts,
  step: PlannedStep,
  qa: (definition: QaDefinition, params: QaRecord['params'], step: PlannedStep) => void,
): void {
  if (step.definition.step !== 'initialize') return;
  const check = checkHdus(products.raw, facts);
  if (check.camera && check.expid) return;
  if (!step.qas.some(({ definition }) => definition === CHECKHDUS)) qa(CHECKHDUS, {}, step);
  const { header } = products.raw;
  throw new JobFailure(
    EXIT.badInput,
    check.camera
      ? `the raw file is of exposure ${header.number('EXPID') ?? 'unknown'}, not of ${facts.expid}`
      : `the raw file's HDU is of camera ${header.text('CAMERA') ?? 'unknown'}, not of ${facts.camera}`,
  );
}

/** Runs one QA, judges and tells its result; what it throws is told and returned. */
function runQa(
  definition: QaDefinition,
  configured: QaRecord['params'],
  step: PlannedStep,
  products: Products,
  facts: JobFacts,
  emit: EmitEvent,
): QaRecord | JobFailure {
  emit({ kind: 'working', text: `Running ${definition.algorithm}` });
  const log = jobLog(emit, definition.algorithm);
  try {
    const result = definition.run(products, { ...facts, params: configured, log });
    const params = { ...configured, ...result.params };
    const metrics = recordToJson(result.metrics);
    for (const [key, status] of judgeMetrics(metrics, params, facts)) {
      metrics[`${key}_STATUS`] = wireStatus(status);
      log.info(`${key}_STATUS: ${wireStatus(status)}`);
    }
    emit({ kind: 'measurement', metric: definition.metric, value: { METRICS: metrics, PARAMS: params } });
    return { algorithm: step.definition.algorithm, qa: definition, metrics, params };
  } catch (error) {
    const text = `Failed to run QA ${definition.algorithm}. Got Exception ${messageOf(error)}`;
    emit({ kind: 'log', logger: 'QuickLook', level: 'WARNING', text });
    const code = error instanceof MissingProductError ? EXIT.calibration : EXIT.qa;
    return new JobFailure(code, text, { cause: error });
  }
}
