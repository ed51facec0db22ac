import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('lets one engine into a data folder', () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`pid ${String(process.pid)}`);
  unlock();
  lockFolder(folder)();
});

it('takes over from an engine that died, even where its pid lives again', () => {
  writeFileSync(join(folder, 'engine.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1' }));
  lockFolder(folder)();
  writeFileSync(join(folder, 'engine.lock'), JSON.stringify({ pid: process.pid, startTime: 'another' }));
  lockFolder(folder)();
  writeFileSync(join(folder, 'engine.lock'), 'half a l');
  lockFolder(folder)();
});
