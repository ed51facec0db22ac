import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inRoot } from './bootstrap.mjs';
import { checkFailureTable, FAILURES, STAGES } from './failure-table.mjs';

it('every stage × every failure has a test that causes it, or a reason why there is none', () => {
  expect(checkFailureTable(inRoot(''), readFileSync(inRoot('docs/failures.md'), 'utf8'))).toEqual([]);
});

describe('the check', () => {
  const root = mkdtempSync(join(tmpdir(), 'qlf-failures-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'src-a'));
  writeFileSync(
    join(root, 'src-a/a.test.ts'),
    `describe('one', () => { it('runs', () => {}); it.each([1])('each %i', () => {}); it.skip('never', () => {}); });
     describe.skip('two', () => { it('runs', () => {}); });
     describe('three', () => { it('asks', ({ skip }) => {}); test.skip(); });`,
  );
  const header =
    '| Stage | What happens | The observer sees | Then | Test or reason |\n| --- | --- | --- | --- | --- |\n';
  const row = (stage, proof, then = 'retried') => `| ${stage} | what happens | what is seen | ${then} | ${proof} |\n`;
  const allWith = (proof, ...others) =>
    FAILURES.map(
      (failure) => `## ${failure}\n\n${header}${row(STAGES.slice(1).join(', '), 'Cannot happen: ' + 'x'.repeat(30))}`,
    )
      .map((table) => `${table}${row(STAGES[0], proof, ...others)}`)
      .join('\n');
  const complaints = (text) => [...new Set(checkFailureTable(root, text).map((one) => one.replace(/^[^:]*: /, '')))];

  it('takes tests that run, and reasons', () => {
    expect(complaints(allWith('`src-a/a.test.ts › runs`').replaceAll('› runs', '› one › runs'))).toEqual([]);
    expect(complaints(allWith('`src-a/a.test.ts › each %i`'))).toEqual([]);
    expect(complaints(allWith('No difference: nothing of it reaches this stage.'))).toEqual([]);
  });

  it.each([
    ['', 'neither names a test nor says "Cannot happen: …" or "No difference: …"'],
    ['Cannot happen: no', 'neither names a test nor says "Cannot happen: …" or "No difference: …"'],
    ['`src-a/b.test.ts › runs`', 'there is no src-a/b.test.ts'],
    ['`src-a/a.ts › runs`', 'src-a/a.ts is not among the tests that npm test runs'],
    ['`src-a/a.test.ts`', '"src-a/a.test.ts" names no test: write path › title'],
    ['`src-a/a.test.ts › walks`', 'src-a/a.test.ts has no test "walks"'],
    ['`src-a/a.test.ts › two › runs`', 'src-a/a.test.ts › two › runs is skipped'],
    ['`src-a/a.test.ts › never`', 'src-a/a.test.ts › never is skipped'],
    ['`src-a/a.test.ts › asks`', 'src-a/a.test.ts › asks is skipped'],
  ])('complains of %j', (proof, complaint) => {
    expect(complaints(allWith(proof))).toEqual([complaint]);
  });

  it('complains of a word that says nothing of what follows', () => {
    const text = allWith('`src-a/a.test.ts › each %i`', 'perhaps');
    expect(complaints(text)).toEqual([
      '"perhaps" begins with none of: nothing to do, retried, resumed, needs a person',
    ]);
  });

  it('complains of a cell that is not there, or twice, or of no stage', () => {
    const whole = allWith('No difference: nothing of it reaches this stage.');
    const withoutOne = whole.replace(/^\| monitor .*\n/m, '');
    expect(checkFailureTable(root, withoutOne)).toEqual([`${FAILURES[0]}, monitor: has no row`]);
    expect(checkFailureTable(root, whole.replace('| transfer, split', '| monitor, transfer, split'))).toEqual([
      `${FAILURES[0]}: monitor is there twice`,
    ]);
    expect(checkFailureTable(root, whole.replace('| monitor |', '| kitchen |'))).toEqual([
      `${FAILURES[0]}: there is no stage "kitchen"`,
      `${FAILURES[0]}, monitor: has no row`,
    ]);
    expect(checkFailureTable(root, whole.replace(`## ${FAILURES[3]}`, '## Flood'))).toContain(
      '"Flood" is no failure of the list',
    );
  });
});
