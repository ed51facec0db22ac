import type { Json } from '#shared/domain/measurement.ts';
import type { JobConfiguration } from '#shared/domain/ql-configuration.ts';
import { QA_DEFINITIONS } from '../qa/registry.ts';
import { STEP_DEFINITIONS } from '../steps/registry.ts';
import type { QaDefinition, StepDefinition } from '../types.ts';
import { EXIT, JobFailure } from './failure.ts';

/** A step to run, its options, and the QAs after it. */
export interface PlannedStep {
  definition: StepDefinition;
  options: Readonly<Record<string, Json>>;
  qas: readonly { definition: QaDefinition; params: Readonly<Record<string, Json>> }[];
}

/** What the configuration asks for, in order. @throws JobFailure naming an algorithm or QA that nobody knows */
export function planJob({ Pipeline, Algorithms }: JobConfiguration): PlannedStep[] {
  return Pipeline.map((algorithm) => {
    const definition = STEP_DEFINITIONS.find((step) => step.algorithm === algorithm);
    if (!definition) throw new JobFailure(EXIT.configuration, `the pipeline has no algorithm ${algorithm}`);
    const { QA = {}, ...options } = Algorithms[algorithm] ?? {};
    const qas = Object.entries(QA).map(([name, { PARAMS }]) => {
      const qa = QA_DEFINITIONS.find((one) => one.algorithm === name);
      if (!qa) throw new JobFailure(EXIT.configuration, `the pipeline has no QA ${name}`);
      return { definition: qa, params: PARAMS };
    });
    return { definition, options, qas };
  });
}
