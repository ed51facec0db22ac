import { Document, isCollection, isMap, isNode, isScalar, parseDocument, stringify } from 'yaml';
import type { Json } from '#shared/domain/measurement.ts';
import { LAYOUT, readYaml } from './ql-yaml.ts';

type Path = readonly (string | number)[];

const written = (document: Document): string => document.toString(LAYOUT);

/** The part of a configuration below `path` as a text of its own, comments and all; empty where there is none. */
export function partOf(document: Document, path: Path): string {
  const node = document.getIn(path, true);
  if (!isNode(node)) return '';
  const part = new Document();
  part.contents = node.clone() as NonNullable<typeof part.contents>;
  return written(part);
}

/** The whole text with the part below `path` replaced by another text, or taken out where that is empty. */
export function withPart(whole: string, path: Path, text: string): string {
  const { document } = readYaml(whole);
  const { document: part, value } = readYaml(text);
  const [parent, ...rest] = path;
  if (value === null || value === undefined) {
    document.deleteIn(path);
    const left = rest.length > 0 ? document.get(parent, true) : undefined;
    if (isMap(left) && left.items.length === 0) document.delete(parent);
  } else {
    if (rest.length > 0 && !isMap(document.get(parent, true))) document.set(parent, document.createNode({}));
    document.setIn(path, part.contents);
  }
  return written(document);
}

/** A value on one line, as it stands behind its key. */
const inline = (value: Json): string => stringify(value, { ...LAYOUT, collectionStyle: 'flow' }).trimEnd();

/**
 * A text with one value changed; null takes it out. Comments and layout stay: a value that stands on its line is replaced in
 * its place.
 */
export function withValue(text: string, path: Path, value: Json): string {
  const { document } = readYaml(text);
  const node = document.getIn(path, true);
  const simple = isScalar(node) || (isCollection(node) && node.flow === true);
  if (value !== null && isNode(node) && node.range && simple) {
    const [start, end] = node.range;
    return text.slice(0, start) + inline(value) + text.slice(end);
  }
  const changed = parseDocument(text, { schema: 'core', version: '1.2' });
  if (value === null) {
    changed.deleteIn(path);
    // An empty shell would say nothing.
    for (let depth = path.length - 1; depth > 0; depth--) {
      const shell = changed.getIn(path.slice(0, depth), true);
      if (!isMap(shell) || shell.items.length > 0) break;
      changed.deleteIn(path.slice(0, depth));
    }
    return isMap(changed.contents) && changed.contents.items.length === 0 ? '' : written(changed);
  }
  const fresh = changed.createNode(value, { flow: Array.isArray(value) });
  // A text without anything in it becomes a mapping with the first value.
  const target = isMap(changed.contents) ? changed : new Document({});
  target.setIn(path, fresh);
  return written(target);
}
