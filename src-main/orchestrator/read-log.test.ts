import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLines } from './read-log.ts';

it('reads a page of lines and counts them all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-log-'));
  try {
    const file = join(folder, 'run-b0.log');
    writeFileSync(file, 'one\ntwo\nthree\nfour');
    expect(await readLines(file, { limit: 2, offset: 1 })).toEqual({ total: 4, offset: 1, lines: ['two', 'three'] });
    expect(await readLines(join(folder, 'none.log'), { limit: 2, offset: 0 })).toEqual({
      total: 0,
      offset: 0,
      lines: [],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
