import reference from '../../e2e/data/desispec-reference/metrics/qp-r0-110.json';
import type { Json } from '#shared/domain/measurement.ts';
import { findMetric } from '#shared/qa/catalogue.ts';

/** What the original pipeline measured on a full-size r camera, as posted, by metric. */
export const REFERENCE_VALUES: ReadonlyMap<string, Json> = new Map(
  reference.steps.flatMap((step) =>
    Object.entries('QAs' in step ? (step.QAs as Record<string, Json>) : {}).map(
      ([name, value]) => [findMetric(name)?.name ?? name, value] as const,
    ),
  ),
);
