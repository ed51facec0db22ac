import { isDeepStrictEqual } from 'node:util';
import { isNode, isScalar, visit, type Document } from 'yaml';
import { SCIENCE_PROGRAMS } from '#shared/domain/ql-flavor.ts';
import { emulatedReferences } from './default-configuration.ts';

export type InstrumentSize = 'compact' | 'full';

interface Leaf {
  path: string[];
  value: unknown;
}

/** Every value of a part of a configuration that is no mapping, with its place. */
function leavesOf(document: Document): Leaf[] {
  const leaves: Leaf[] = [];
  visit(document, {
    Pair(_key, pair, ancestors) {
      const value = isNode(pair.value) ? (pair.value.toJS(document) as unknown) : pair.value;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
      const path = [...ancestors, pair].flatMap((node) =>
        'key' in node && isScalar(node.key) ? [String(node.key.value)] : [],
      );
      leaves.push({ path, value });
    },
  });
  return leaves;
}

/** References that differ between the sizes: place, value of the size wanted, value of the other. */
function differing(size: InstrumentSize, resourcesDir: string): (Leaf & { other: unknown })[] {
  const others = new Map(
    leavesOf(emulatedReferences(size === 'full' ? 'compact' : 'full', resourcesDir)).map(
      ({ path, value }) => [path.join('\n'), value] as const,
    ),
  );
  return leavesOf(emulatedReferences(size, resourcesDir)).flatMap((leaf) => {
    const other = others.get(leaf.path.join('\n'));
    return other === undefined || isDeepStrictEqual(other, leaf.value) ? [] : [{ ...leaf, other }];
  });
}

/**
 * Lets the references of a configuration follow the size of the emulated instrument: what still is the default of the other
 * size becomes the default of this one; what a person has set stays. Returns how many followed.
 */
export function followSize(document: Document, size: InstrumentSize, resourcesDir: string): number {
  let followed = 0;
  for (const { path, value, other } of differing(size, resourcesDir)) {
    const places = [path];
    if (path[0] === 'science')
      places.push(...SCIENCE_PROGRAMS.map((program) => ['programs', program, ...path.slice(1)]));
    for (const place of places) {
      const node = document.getIn(place, true);
      if (!isNode(node) || !isDeepStrictEqual(node.toJS(document), other)) continue;
      document.setIn(place, document.createNode(value, { flow: true }));
      followed += 1;
    }
  }
  return followed;
}
