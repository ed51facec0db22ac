import type { Json } from '#shared/domain/measurement.ts';
import type { AmpFacts, AmpId } from '../types.ts';

/** Quadrant of an amplifier, 0 … 3. */
const quadrantOf = (id: AmpId): number => 'ABCD1234'.indexOf(id) % 4;

/**
 * References are given for four amplifiers. Where two have read the CCD out, theirs are kept, so that each number is
 * judged by its own: what is to be put over the PARAMS of the configuration.
 */
export function referencesOfAmps(
  params: Readonly<Record<string, Json>>,
  amps: readonly AmpFacts[],
): Record<string, Json> {
  if (amps.length === 4) return {};
  const lists = Object.entries(params).filter(
    (entry): entry is [string, Json[]] => entry[0].endsWith('_REF') && Array.isArray(entry[1]) && entry[1].length === 4,
  );
  return Object.fromEntries(lists.map(([key, list]) => [key, amps.map(({ id }) => list[quadrantOf(id)] ?? null)]));
}
