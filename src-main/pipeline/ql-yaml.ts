import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import {
  checkFrozenConfiguration,
  checkSavedConfiguration,
  type ConfigurationProblem,
  type QlConfiguration,
  type SavedConfiguration,
} from '#shared/domain/ql-configuration.ts';
import type { QlFlavor } from '#shared/domain/ql-flavor.ts';
import { QlfError } from '#shared/ipc/result.ts';

/** Longest configuration text that is read, characters; the stock one has 15,000. */
const MAX_CHARACTERS = 200_000;
/** How configurations are written: lists on one line, as in the original's files. */
export const LAYOUT = { lineWidth: 0, flowCollectionPadding: false } as const;
/** Problems told at once; the rest is counted. */
const MAX_PROBLEMS = 8;

function invalid(problems: string[]): QlfError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - shown.length;
  if (more > 0) shown.push(`and ${String(more)} more`);
  return new QlfError('invalid-configuration', `QL configuration refused: ${shown.join('; ')}`);
}

/** The node that tells where `path` is: of a key the key itself, of a list's element the element. */
function nodeAt(document: Document, path: readonly (string | number)[]): unknown {
  const key = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) return parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key;
  return document.getIn(path, true);
}

/** Line of the innermost part of `path` that the text has, from 1. */
export function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = nodeAt(document, path.slice(0, depth));
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

const described = (problem: ConfigurationProblem, line: number): string =>
  `line ${String(line)}, ${problem.path.join('.') || 'the whole'}: ${problem.message}`;

/** A text that is YAML, with what it says and where. */
export interface YamlText {
  document: Document;
  lines: LineCounter;
  value: unknown;
}

/**
 * YAML text → document; only plain data: no custom tags, no merge keys, few aliases, each key once.
 * @throws QlfError `invalid-configuration`, naming the line
 */
export function readYaml(text: string): YamlText {
  if (text.length > MAX_CHARACTERS) throw invalid([`longer than ${String(MAX_CHARACTERS)} characters`]);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      schema: 'core',
      version: '1.2',
      prettyErrors: false,
      logLevel: 'error',
    });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0)
      throw invalid(faults.map((fault) => `line ${String(lines.linePos(fault.pos[0]).line)}: ${fault.message}`));
    return { document, lines, value: document.toJS({ maxAliasCount: 50 }) };
  } catch (error) {
    if (error instanceof QlfError) throw error;
    // Nested so deep that the parser ran out of stack, or aliases that unfold without end.
    throw invalid([error instanceof RangeError ? 'nested too deep' : String(error)]);
  }
}

/** What a text says, once `check` finds nothing wrong with it. */
function checked(text: string, check: (value: unknown) => ConfigurationProblem[]): unknown {
  const { document, lines, value } = readYaml(text);
  const problems = check(value);
  if (problems.length > 0)
    throw invalid(problems.map((problem) => described(problem, lineOf(document, lines, problem.path))));
  return value;
}

/**
 * A saved configuration from its text.
 * @throws QlfError `invalid-configuration`, naming line and key of everything that is wrong
 */
export function parseSavedConfiguration(text: string): SavedConfiguration {
  return checked(text, checkSavedConfiguration) as SavedConfiguration;
}

/** What a run was frozen with: its own flavor, or, of runs of earlier versions of QLF, all of them. Throws like above. */
export function parseFrozenConfiguration(text: string): Partial<Record<QlFlavor, QlConfiguration>> {
  return checked(text, checkFrozenConfiguration) as Partial<Record<QlFlavor, QlConfiguration>>;
}
