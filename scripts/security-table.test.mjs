import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from './bootstrap.mjs';
import { acceptedFindings, checkSecurityTable, ITEMS } from './security-table.mjs';

const root = inRoot('');

it('every defence that docs/security.md promises has tests that try to break it', () => {
  expect(checkSecurityTable(root, readFileSync(inRoot('docs/security.md'), 'utf8'))).toEqual([]);
});

describe('the check', () => {
  const known = '`scripts/security-table.test.mjs › the check › takes a table that is whole`';
  const header = '| What | Defence | Test that tries to break it |\n| --- | --- | --- |\n';
  const row = (what, proof) => `| ${what} | a defence in a few words | ${proof} |\n`;
  const whole = header + ITEMS.map((item) => row(item, known)).join('');

  it('takes a table that is whole', () => {
    expect(checkSecurityTable(root, whole)).toEqual([]);
  });

  it('complains of what is missing, unproven, or proven by a test that does not exist', () => {
    expect(checkSecurityTable(root, whole.replace(row(ITEMS[0], known), ''))).toEqual([
      `${ITEMS[0]}: has no row, or several`,
    ]);
    expect(checkSecurityTable(root, whole.replace(row(ITEMS[1], known), row(ITEMS[1], 'by design')))).toEqual([
      `${ITEMS[1]}: names no test`,
    ]);
    const gone = '`scripts/security-table.test.mjs › no such test`';
    expect(checkSecurityTable(root, whole.replace(row(ITEMS[2], known), row(ITEMS[2], gone)))).toEqual([
      `${ITEMS[2]}: scripts/security-table.test.mjs has no test "no such test"`,
    ]);
  });

  it('reads the findings that are accepted', () => {
    const text =
      '| Tool | Finding | Where | Judgement |\n| --- | --- | --- | --- |\n| a | `B` | `c.ts` | because of that |\n';
    expect(acceptedFindings(text)).toEqual([{ tool: 'a', finding: 'B', where: 'c.ts' }]);
    expect(checkSecurityTable(root, whole + '\n' + text)).toEqual(['a, B: is not judged']);
  });
});
