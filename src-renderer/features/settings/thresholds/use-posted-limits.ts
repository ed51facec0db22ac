import { useMemo } from 'react';
import type { ConfigurationScope } from '#shared/domain/configuration.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { METRICS } from '#shared/qa/catalogue.ts';
import { isObject, numbersOf } from '../../../model/values.ts';
import type { ThresholdPlace } from '../../../model/threshold-place.ts';
import { useAnswer } from '../../camera/use-engine-data.ts';

type Ranges = { normal: readonly [number, number]; warn: readonly [number, number] };
/** The limits of a key that the QL configuration has, with its references. */
export type PostedLimits = Ranges & { references: readonly (number | null)[] };

function pair(value: Json | undefined): [number, number] | undefined {
  const numbers = numbersOf(value);
  const [low, high] = numbers ?? [];
  return numbers?.length === 2 && typeof low === 'number' && typeof high === 'number' ? [low, high] : undefined;
}

function limitsIn(resolved: Json, program: string | null): Map<string, PostedLimits> {
  const found = new Map<string, PostedLimits>();
  if (!isObject(resolved) || !isObject(resolved['Algorithms']) || !Array.isArray(resolved['Pipeline'])) return found;
  const algorithms = resolved['Algorithms'];
  const params = resolved['Pipeline'].flatMap((name) => {
    const algorithm = typeof name === 'string' ? algorithms[name] : undefined;
    const qas = isObject(algorithm) && isObject(algorithm['QA']) ? Object.values(algorithm['QA']) : [];
    return qas.flatMap((qa) => (isObject(qa) && isObject(qa['PARAMS']) ? [qa['PARAMS']] : []));
  });
  for (const { key } of METRICS.flatMap(({ keys }) => keys)) {
    for (const own of params) {
      const normal = pair(own[`${key}_NORMAL_RANGE`]);
      const warn = pair(own[`${key}_WARN_RANGE`]);
      if (!normal || !warn) continue;
      const name = program === null ? `${key}_REF` : `${key}_${program.toUpperCase()}_REF`;
      found.set(key, { normal, warn, references: numbersOf(own[name]) ?? numbersOf(own[`${key}_REF`]) ?? [] });
    }
  }
  return found;
}

/** The limits of the saved QL configuration for a kind of exposure; of science's where none is chosen. */
export function usePostedLimits({
  flavor,
  program,
}: Pick<ThresholdPlace, 'flavor' | 'program'>): ReadonlyMap<string, PostedLimits> {
  const scope: ConfigurationScope = program === null ? (flavor ?? 'science') : `science/${program}`;
  const opened = useAnswer('configuration.open', { scope, version: null }, '');
  const text = opened.state === 'ready' ? opened.value.text : null;
  const checked = useAnswer('configuration.check', text === null ? null : { scope, text }, '');
  return useMemo(
    () => (checked.state === 'ready' ? limitsIn(checked.value.resolved, program) : new Map<string, PostedLimits>()),
    [checked, program],
  );
}
