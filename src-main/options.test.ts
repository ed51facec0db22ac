import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseCommandLine } from './options.ts';

it('reads the documented options', () => {
  expect(parseCommandLine(['--pipeline', 'p.json'], true).pipeline).toBe(resolve('p.json'));
  const options = parseCommandLine(['--headless', '--exposures', '3', '--source', 'raw', '--no-catch-up'], true);
  expect(options).toMatchObject({ exposures: 3, source: resolve('raw'), catchUp: false, data: null, ingestPort: null });
});

it('reads every kind of source', () => {
  const source = (text: string): string | null => parseCommandLine(['--source', text], true).source;
  expect(source('raw')).toBe(resolve('raw'));
  expect(source('opsdb:conf/desi.json')).toBe(`opsdb:${resolve('conf/desi.json')}`);
  expect(source('ssh://desi@host:2222/raw')).toBe('ssh://desi@host:2222/raw');
});

it.each([
  [['--exposures', 'x'], '--exposures takes a whole number'],
  [['--exposures', '0'], '--exposures takes a whole number'],
  [['--size', 'huge'], '--size takes compact or full'],
  [['--nonsense'], 'nonsense'],
])('refuses %j in words', (args, message) => {
  expect(() => parseCommandLine(args, true)).toThrow(message);
});

it("lets Electron's own switches pass in the desktop", () => {
  expect(parseCommandLine(['--no-sandbox', '--data', '/d', '.'], false).data).toBe('/d');
  expect(() => parseCommandLine(['--data'], false)).toThrow('--data needs a value');
});
