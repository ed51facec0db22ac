import { isMap, isScalar, type Document } from 'yaml';
import type { TakenLine } from '#shared/domain/command-line.ts';
import { checkFrozenConfiguration, type ConfigurationProblem } from '#shared/domain/ql-configuration.ts';
import { qlFlavorOf, type QlFlavor } from '#shared/domain/ql-flavor.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { LAYOUT, lineOf, readYaml, type YamlText } from './ql-yaml.ts';

/** The original's configuration of one flavor, as QLF can take it; `text` null: not at all, and the lines say why. */
export interface TakenOriginal {
  flavor: QlFlavor | null;
  text: string | null;
  lines: TakenLine[];
}

/** Top-level keys that QLF or its pipeline reads. */
const READ = new Set([
  ...['name', 'Program', 'Flavor', 'WritePreprocfile', 'Debuglevel', 'Period', 'Timeout', 'UseResolution', 'Pipeline'],
  ...['Algorithms', 'Compatibility', 'WriteIntermediatefiles', 'WriteSkyModelfile'],
]);
/** Options of algorithms that the built-in pipeline reads. */
const OPTIONS_READ = new Set([
  ...['PEAKS', 'wavelength', 'Wavelength', 'Nspec', 'NBINS', 'PSFFile', 'Linelist', 'Cosmics'],
  ...['Bias', 'Dark', 'Pixflat', 'Mask'],
]);

type Path = readonly (string | number)[];

/** Keys of a mapping at a place, in the order of the text. */
function keysAt(document: Document, path: Path): string[] {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(node)) return [];
  return node.items.map(({ key }) => String(isScalar(key) ? key.value : key));
}

const isUnknownQa = ({ path }: ConfigurationProblem): boolean =>
  path.length === 5 && path[1] === 'Algorithms' && path[3] === 'QA';

/** What becomes of one algorithm: its options and its QAs. */
function* algorithmLines(
  { document, lines }: YamlText,
  name: string,
  pipeline: readonly unknown[],
  dropped: ReadonlySet<string>,
): Generator<TakenLine> {
  const at = (path: Path): number => lineOf(document, lines, path);
  const path = ['Algorithms', name];
  const runs = pipeline.includes(name);
  for (const option of keysAt(document, path)) {
    const where = { line: at([...path, option]), key: `${name}.${option}` };
    if (option !== 'QA') {
      if (!runs) yield { ...where, outcome: 'kept', words: `${name} is not in Pipeline: nothing runs it` };
      else if (OPTIONS_READ.has(option)) yield { ...where, outcome: 'taken', words: 'an option of the algorithm' };
      else yield { ...where, outcome: 'kept', words: 'desi_quicklook reads it, the built-in pipeline does not' };
      continue;
    }
    for (const qa of keysAt(document, [...path, 'QA'])) {
      const one = { line: at([...path, 'QA', qa]), key: `${name}.QA.${qa}` };
      if (dropped.has(one.key)) yield { ...one, outcome: 'not taken', words: 'QLF knows no such QA; it is left out' };
      else if (!runs) yield { ...one, outcome: 'kept', words: `${name} is not in Pipeline: nothing runs it` };
      else yield { ...one, outcome: 'taken', words: 'with its PARAMS' };
      for (const param of keysAt(document, [...path, 'QA', qa, 'PARAMS'])) {
        if (!param.endsWith('_ALARM_RANGE') || dropped.has(one.key)) continue;
        const words = 'QLF judges by _NORMAL_RANGE and _WARN_RANGE: what is outside of the latter is an alarm';
        yield { line: at([...path, 'QA', qa, 'PARAMS', param]), key: `${one.key}.${param}`, outcome: 'kept', words };
      }
    }
  }
}

function refused(lines: TakenLine[], flavor: QlFlavor | null = null): TakenOriginal {
  return { flavor, text: null, lines: lines.sort((a, b) => a.line - b.line) };
}

function reading(text: string): YamlText | TakenLine {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof QlfError)) throw error;
    const words = error.message.replace(/^QL configuration refused: /, '');
    return { line: Number(/line (\d+)/.exec(words)?.[1] ?? 0), key: 'YAML', outcome: 'not taken', words };
  }
}

/**
 * Takes one of desispec's `qlconfig_*.yaml` apart, of any of its versions: what QLF takes over, what it keeps without reading it,
 * what it leaves out. Nothing that decides what is measured is left out or mended in silence: where that would be needed the file
 * is refused as a whole.
 */
export function takeOriginal(text: string): TakenOriginal {
  const original = reading(text);
  if ('outcome' in original) return refused([original]);
  const { document, lines, value } = original;
  const at = (path: Path): number => lineOf(document, lines, path);
  if (!isMap(document.contents) || typeof value !== 'object' || value === null)
    return refused([{ line: 1, key: 'the file', outcome: 'not taken', words: 'it is no mapping of keys to values' }]);
  const block = value as Record<string, unknown>;
  const said = typeof block['Flavor'] === 'string' ? block['Flavor'].toLowerCase() : '';
  const flavor = qlFlavorOf(said, null) ?? null;
  if (flavor === null) {
    const words = 'it must say Flavor: science, arcs, flat, bias or dark, as a qlconfig of desispec does';
    return refused([{ line: at(['Flavor']), key: 'Flavor', outcome: 'not taken', words }]);
  }
  const taken: TakenLine[] = [];
  const copy = document.clone();
  // An early name of the same switch.
  if (!('WritePreprocfile' in block) && 'WritePixfile' in block) {
    copy.set('WritePreprocfile', block['WritePixfile']);
    copy.delete('WritePixfile');
    taken.push({ line: at(['WritePixfile']), key: 'WritePixfile', outcome: 'taken', words: 'as WritePreprocfile' });
  }
  const dropped = new Set<string>();
  let problems: ConfigurationProblem[] = [];
  for (;;) {
    problems = checkFrozenConfiguration({ [flavor]: copy.toJS() as unknown });
    const unknown = problems.filter(isUnknownQa).map(({ path }) => path.slice(1));
    const fresh = unknown.filter(([, algorithm, , qa]) => !dropped.has(`${String(algorithm)}.QA.${String(qa)}`));
    if (fresh.length === 0 || problems.length !== unknown.length) break;
    for (const path of fresh) {
      dropped.add(`${String(path[1])}.QA.${String(path[3])}`);
      copy.deleteIn(path);
    }
  }
  if (problems.length > 0)
    return refused(
      problems.map(({ path, message }) => ({
        ...{
          line: at(path.slice(1)),
          key: path.slice(1).join('.') || 'the file',
          outcome: 'not taken',
          words: message,
        },
      })),
      flavor,
    );
  const pipeline = Array.isArray(block['Pipeline']) ? (block['Pipeline'] as unknown[]) : [];
  for (const key of keysAt(document, [])) {
    if (key === 'WritePixfile' && taken.length > 0) continue;
    if (key === 'Algorithms')
      for (const name of keysAt(document, ['Algorithms']))
        taken.push(...algorithmLines(original, name, pipeline, dropped));
    else if (READ.has(key)) taken.push({ line: at([key]), key, outcome: 'taken', words: `of ${flavor} exposures` });
    else taken.push({ line: at([key]), key, outcome: 'kept', words: 'QLF keeps it and does not read it' });
  }
  return { flavor, text: copy.toString(LAYOUT), lines: taken.sort((a, b) => a.line - b.line) };
}
