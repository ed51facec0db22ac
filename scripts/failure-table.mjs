/**
 * Reads docs/failures.md and says where it promises what no test proves: every stage × every failure has one row, whose
 * last cell names existing tests that run, or says why there is nothing to test.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tablesIn } from './markdown-tables.mjs';
import { testsIn } from './test-titles.mjs';

/** The parts of QLF, in the order in which an exposure meets them. */
export const STAGES = [
  'monitor',
  'transfer',
  'split',
  'configure',
  'run',
  'ingest',
  'judge and alarms',
  'database',
  'logs',
  'interface',
];

/** All that goes wrong, by the headings of their tables. */
export const FAILURES = [
  'Process killed at any instant',
  'Machine power cut',
  'Disk full',
  'Database locked',
  'Database damaged',
  'DOS, network or SSH lost for a second',
  'DOS, network or SSH lost for an hour',
  'Truncated file',
  'Damaged file',
  'Late file',
  'Duplicate file',
  'Renumbered file',
  'Empty file',
  'Foreign file',
  'Missing camera',
  'Wrong EXPID in a header',
  'Pipeline crashes',
  'Pipeline hangs',
  'Pipeline floods its log',
  'Pipeline never posts',
  'Pipeline posts twice',
  'Pipeline posts after its run ended',
  'Pipeline posts nonsense',
  'Clock jumps',
  'Calibration missing',
  'Configuration invalid',
  'Port taken',
  'Second instance',
];

const COLUMNS = ['Stage', 'What happens', 'The observer sees', 'Then', 'Test or reason'];
const THEN = /^(nothing to do|retried|resumed|needs a person)\b/;
const REASON = /^(Cannot happen|No difference): \S.{20,}/;
const RUN_BY_NPM_TEST =
  /^(src-[^ ]*\.test\.ts|e2e\/integration\/[^ ]*\.test\.ts|scripts\/[^ ]*\.test\.mjs|e2e\/[\w-]+\.spec\.ts)$/;

/** What is wrong with a reference `path › describe › title`, or undefined. */
export function wrongReference(root, reference, cache) {
  const [path = '', ...titles] = reference.split(' › ');
  if (titles.length === 0) return `"${reference}" names no test: write path › title`;
  if (!RUN_BY_NPM_TEST.test(path)) return `${path} is not among the tests that npm test runs`;
  if (!existsSync(join(root, path))) return `there is no ${path}`;
  let tests = cache.get(path);
  if (!tests) cache.set(path, (tests = testsIn(path, readFileSync(join(root, path), 'utf8'))));
  const named = tests.filter((test) => test.titles.slice(-titles.length).join(' › ') === titles.join(' › '));
  if (named.length === 0) return `${path} has no test "${titles.join(' › ')}"`;
  if (named.some(({ skipped }) => skipped)) return `${reference} is skipped`;
  return undefined;
}

/** What is wrong with one row, in words. */
function* wrongRow(root, [, happens, sees, then, proof], cache) {
  const references = [...proof.matchAll(/`([^`]+)`/g)].map(([, reference]) => reference);
  if (references.length === 0) {
    if (!REASON.test(proof)) yield 'neither names a test nor says "Cannot happen: …" or "No difference: …"';
    return;
  }
  if (happens.length < 10 || sees.length < 5) yield 'does not say what happens and what is seen';
  if (!THEN.test(then)) yield `"${then}" begins with none of: nothing to do, retried, resumed, needs a person`;
  for (const reference of references) {
    const wrong = wrongReference(root, reference, cache);
    if (wrong) yield wrong;
  }
}

/** Complaints about the table of one failure. */
function* wrongTable(root, failure, rows, cache) {
  const seen = new Set();
  for (const row of rows) {
    for (const stage of row[0].split(', ')) {
      if (!STAGES.includes(stage)) yield `${failure}: there is no stage "${stage}"`;
      if (seen.has(stage)) yield `${failure}: ${stage} is there twice`;
      seen.add(stage);
    }
    for (const wrong of wrongRow(root, row, cache)) yield `${failure}, ${row[0]}: ${wrong}`;
  }
  for (const stage of STAGES) if (!seen.has(stage)) yield `${failure}, ${stage}: has no row`;
}

/** Every complaint about the table in `text`; tests are looked for under `root`. */
export function checkFailureTable(root, text) {
  const complaints = [];
  const cache = new Map();
  const tables = tablesIn(text);
  for (const { heading, header } of tables) {
    if (!FAILURES.includes(heading)) complaints.push(`"${heading}" is no failure of the list`);
    if (header.join('|') !== COLUMNS.join('|')) complaints.push(`${heading}: the columns are ${COLUMNS.join(', ')}`);
  }
  for (const failure of FAILURES) {
    const own = tables.filter(({ heading }) => heading === failure);
    if (own.length > 1) complaints.push(`${failure} is there twice`);
    complaints.push(...wrongTable(root, failure, own[0]?.rows ?? [], cache));
  }
  return complaints;
}
