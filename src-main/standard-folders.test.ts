import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderSettingsFile, readFolderSettings, standardDataFolder, writeFolderSettings } from './standard-folders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-folders-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('keeps emulated and real nights apart', () => {
  expect(standardDataFolder(true)).not.toBe(standardDataFolder(false));
});

it('remembers the chosen folders', () => {
  const file = folderSettingsFile({ XDG_CONFIG_HOME: folder });
  expect(readFolderSettings(file)).toEqual({ source: null, data: null });
  writeFolderSettings(file, { source: '/raw', data: null });
  expect(readFolderSettings(file)).toEqual({ source: '/raw', data: null });
});

it('refuses a file that it does not understand, by name', () => {
  const file = join(folder, 'folders.json');
  writeFileSync(file, '{"source": 3}');
  expect(() => readFolderSettings(file)).toThrow(file);
  writeFileSync(file, '{');
  expect(() => readFolderSettings(file)).toThrow('not valid JSON');
});
