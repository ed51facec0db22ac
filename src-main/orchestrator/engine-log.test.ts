import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogLine } from '#shared/state/control-room.ts';
import { writeEngineLog, type LogBounds } from './engine-log.ts';

const FIRST = Date.parse('2026-11-22T03:00:00Z');
const DAY = 86_400_000;

let folder: string;
let logs: string;
let listeners: Set<(line: LogLine) => void>;
let said: string[];
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-engine-log-'));
  logs = join(folder, 'logs');
  listeners = new Set();
  said = [];
  now = FIRST;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const room = {
  onLine: (listener: (line: LogLine) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  log: (_source: LogLine['source'], _level: LogLine['level'], text: string) => void said.push(text),
};
const say = (text: string, about: Partial<LogLine> = {}): void => {
  const line = { id: 1, at: now, source: 'engine', level: 'info', expid: null, camera: null, text, ...about } as const;
  for (const listener of listeners) listener(line);
};
const open = (bounds?: LogBounds) => writeEngineLog(room, logs, () => now, bounds);
const lines = (name: string): { text: string }[] =>
  readFileSync(join(logs, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string });

it('keeps a line with its level, exposure, camera and run, of the engine and the monitor alone', () => {
  const log = open();
  say('fetching', { expid: 7, camera: 'b3', run: 12, level: 'warning' });
  say('pixels', { source: 'pipeline' });
  log.close();
  expect(lines('engine-20261121.log')).toEqual([
    {
      ...{ id: 1, at: '2026-11-22T03:00:00.000Z', source: 'engine', level: 'warning' },
      ...{ expid: 7, camera: 'b3', run: 12, text: 'fetching' },
    },
  ]);
  expect(statSync(join(logs, 'engine-20261121.log')).mode & 0o777).toBe(0o600);
});

it('goes on in another file when one is full, at the next start too, and never touches those before', () => {
  const bounds = { fileBytes: 1000, files: 100, totalBytes: 1e9 };
  const log = open(bounds);
  for (let i = 0; i < 20; i++) say(`line ${i} ${'x'.repeat(100)}`);
  log.close();
  const names = readdirSync(logs);
  expect(names).toContain('engine-20261121.2.log');
  const first = readFileSync(join(logs, 'engine-20261121.log'), 'utf8');
  const again = open(bounds);
  say('the next start');
  again.close();
  expect(readFileSync(join(logs, 'engine-20261121.log'), 'utf8')).toBe(first);
  const parts = readdirSync(logs).map((_, i) => (i === 0 ? 'engine-20261121.log' : `engine-20261121.${i + 1}.log`));
  const all = parts.flatMap(lines);
  expect(all.slice(0, 20).map(({ text }) => text.split(' ')[1])).toEqual(
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
  expect(all.at(-1)?.text).toBe('the next start');
  for (const name of readdirSync(logs)) expect(statSync(join(logs, name)).size).toBeLessThan(1300);
});

it('has a file a night, and takes the oldest away beyond so many files and bytes', () => {
  const log = open({ fileBytes: 1000, files: 3, totalBytes: 1e9 });
  mkdirSync(logs);
  writeFileSync(join(logs, 'notes.log'), 'somebody else’s');
  for (let night = 0; night < 6; night++) {
    now = FIRST + night * DAY;
    say(`night ${night}`);
  }
  log.close();
  expect(readdirSync(logs).sort()).toEqual([
    'engine-20261124.log',
    'engine-20261125.log',
    'engine-20261126.log',
    'notes.log',
  ]);
  const small = open({ fileBytes: 1000, files: 100, totalBytes: 5000 });
  for (let i = 0; i < 200; i++) say(`line ${i} ${'x'.repeat(100)}`);
  small.close();
  const bytes = readdirSync(logs)
    .filter((name) => name.startsWith('engine'))
    .reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
  expect(bytes).toBeLessThan(6000);
});

it('says that it cannot be written, and goes on when it can, with how much is missing', () => {
  const log = open();
  say('before');
  log.close();
  const next = open();
  // The next night's file cannot be made: there is no folder any more, and none can be made.
  rmSync(logs, { recursive: true });
  writeFileSync(logs, '');
  now += DAY;
  say('lost');
  say('lost too');
  expect(said).toEqual([expect.stringMatching(/^the engine log cannot be written/)]);
  rmSync(logs);
  now += 20_000;
  say('kept');
  next.close();
  expect(lines('engine-20261122.log').map(({ text }) => text)).toEqual([
    'the engine log is written again; lines not kept: 2',
    'kept',
  ]);
});
