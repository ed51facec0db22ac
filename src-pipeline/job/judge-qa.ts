import { isScienceFlavor } from '#shared/domain/exposure.ts';
import type { Json, QaStatus } from '#shared/domain/measurement.ts';
import { judgeKey, type Range } from '#shared/qa/status.ts';

type JsonRecord = Readonly<Record<string, Json>>;

export interface JudgingContext {
  flavor: string;
  program: string | null;
  compatible: boolean;
}

const NORMAL_RANGE = '_NORMAL_RANGE';

/**
 * The status of every key of METRICS for which PARAMS has ranges: KEY_NORMAL_RANGE, KEY_WARN_RANGE and the references
 * KEY_{DARK,GRAY,BRIGHT}_REF for science, KEY_REF otherwise. What has no references is unknown.
 */
export function judgeMetrics(metrics: JsonRecord, params: JsonRecord, context: JudgingContext): Map<string, QaStatus> {
  const statuses = new Map<string, QaStatus>();
  for (const name of Object.keys(params)) {
    if (!name.endsWith(NORMAL_RANGE)) continue;
    const key = name.slice(0, -NORMAL_RANGE.length);
    if (!Object.hasOwn(metrics, key)) continue;
    const values = numbers(metrics[key]) ?? [];
    const references = referencesOf(key, params, context);
    const normal = range(params[name]);
    const warn = range(params[`${key}_WARN_RANGE`]);
    const known = normal !== undefined && warn !== undefined && references !== undefined;
    statuses.set(
      key,
      known
        ? judgeKey({ key, values, references, normal, warn }, context.compatible ? 'desispec-0.31' : 'none').status
        : 'unknown',
    );
  }
  return statuses;
}

function referencesOf(key: string, params: JsonRecord, { flavor, program }: JudgingContext) {
  const plain = numbers(params[`${key}_REF`]);
  if (!isScienceFlavor(flavor) || program === null) return plain;
  return numbers(params[`${key}_${program.toUpperCase()}_REF`]) ?? plain;
}

function numbers(value: Json | undefined): (number | null)[] | undefined {
  if (typeof value === 'number' || value === null) return [value];
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => item === null || typeof item === 'number') ? value : undefined;
}

function range(value: Json | undefined): Range | undefined {
  const [low, high] = Array.isArray(value) ? value : [];
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : undefined;
}
