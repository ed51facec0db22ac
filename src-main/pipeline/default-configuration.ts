import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, visit, type Document, type Node } from 'yaml';
import { QL_FLAVORS } from '#shared/domain/ql-flavor.ts';
import { LAYOUT, parseSavedConfiguration } from './ql-yaml.ts';

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** The files of `qlconfig/`, one a flavor, as one saved configuration; their comments stay. */
function stockConfiguration(resourcesDir: string): string {
  return QL_FLAVORS.map((flavor) => {
    const text = readFileSync(join(resourcesDir, 'qlconfig', `${flavor}.yaml`), 'utf8');
    return `${flavor}:\n${indented(text)}`;
  }).join('\n');
}

/** Puts every value of `overlay` (a part of a configuration) in its place in `document`, below `under`. */
export function lay(overlay: Document | Node, document: Document, under: readonly string[] = []): void {
  visit(overlay, {
    Pair(_key, pair, ancestors) {
      if (isMap(pair.value)) return;
      const keys = [...ancestors, pair].map((node) =>
        'key' in node && isScalar(node.key) ? node.key.value : undefined,
      );
      document.setIn([...under, ...keys.filter((key) => key !== undefined)], pair.value);
    },
  });
}

/** The references of the emulated instrument in one of its sizes, as a part of a saved configuration. */
export function emulatedReferences(size: 'compact' | 'full', resourcesDir: string): Document {
  const file = size === 'compact' ? 'references.yaml' : 'references-full.yaml';
  return parseDocument(readFileSync(join(resourcesDir, 'test-environment', file), 'utf8'));
}

export type DefaultConfigurationKind = 'stock' | 'test-environment' | 'test-environment-full';

/**
 * The configuration that a new data folder begins with: `stock` has the values of desispec 0.31,
 * `test-environment` the same with the references of the emulated instrument, compact or full size.
 * @param resourcesDir the folder that holds `qlconfig/` and `test-environment/`
 */
export function defaultConfiguration(kind: DefaultConfigurationKind, resourcesDir: string): string {
  const stock = stockConfiguration(resourcesDir);
  if (kind === 'stock') return stock;
  const document = parseDocument(stock);
  lay(emulatedReferences(kind === 'test-environment' ? 'compact' : 'full', resourcesDir), document);
  const text = document.toString(LAYOUT);
  parseSavedConfiguration(text);
  return text;
}

/** What a new data folder's limits are made for. */
export function firstConfiguration(emulated: boolean, size: 'compact' | 'full' | null): DefaultConfigurationKind {
  if (!emulated) return 'stock';
  return size === 'full' ? 'test-environment-full' : 'test-environment';
}
