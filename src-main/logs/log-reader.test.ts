import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogFind, LogFindAnswer, LogPage, LogPageAnswer, LogTarget } from '#shared/domain/log.ts';
import { LogReader } from './log-reader.ts';

let folder: string;
let file: string;
let reader: LogReader;
const target: LogTarget = { kind: 'job', runId: 1, camera: 'b0' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-log-'));
  file = join(folder, 'run-b0.log');
  reader = new LogReader({ folder, currentFile: () => join(folder, 'engine-20261121.log'), jobLog: () => file });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** As a program that was not written to for a while leaves its file. */
function settle(): void {
  utimesSync(file, 1, 1);
}

async function page(more: Partial<LogPage> = {}): Promise<LogPageAnswer> {
  for (;;) {
    const answer = await reader.page({ target, floor: 'all', offset: 0, limit: 1000, ...more });
    if (answer.complete) return answer;
  }
}
async function find(more: Partial<LogFind>): Promise<LogFindAnswer> {
  for (;;) {
    const what = { kind: 'text', text: 'x' } as const;
    const answer = await reader.find({ target, floor: 'all', what, from: -1, direction: 'next', ...more });
    if (answer.complete) return answer;
  }
}
const texts = ({ lines }: LogPageAnswer): string[] => lines.map(({ text }) => text);

describe('a log', () => {
  it('is read by pages, with the level of each line, in its own letters', async () => {
    writeFileSync(
      file,
      'INFO one\r\nWARNING zwei \u2212 3 e\u207b\nTraceback (most recent call last):\n\nDEBUG a WARNING said\nlast',
    );
    settle();
    const all = await page();
    expect(texts(all)).toEqual([
      'INFO one',
      'WARNING zwei \u2212 3 e\u207b',
      'Traceback (most recent call last):',
      '',
      'DEBUG a WARNING said',
      'last',
    ]);
    expect(all.lines.map(({ level }) => level)).toEqual(['info', 'warning', 'error', 'info', 'warning', 'info']);
    expect(all).toMatchObject({ total: 6, warnings: 2, errors: 1, complete: true });
    expect(texts(await page({ offset: 1, limit: 2 }))).toEqual(all.lines.slice(1, 3).map(({ text }) => text));
    expect((await page({ floor: 'warning' })).lines.map(({ number }) => number)).toEqual([2, 3, 5]);
    expect(await page({ offset: 99 })).toMatchObject({ total: 6, lines: [] });
  });

  it('is followed as it grows, a line at a time, and anew when it is written anew', async () => {
    writeFileSync(file, 'one\ntwo\nhal');
    expect(texts(await reader.page({ target, floor: 'all', offset: 0, limit: 9 }))).toEqual(['one', 'two']);
    appendFileSync(file, 'f ERROR\nthree\n');
    const grown = await page();
    expect(texts(grown)).toEqual(['one', 'two', 'half ERROR', 'three']);
    expect(grown.errors).toBe(1);
    truncateSync(file, 0);
    appendFileSync(file, 'new\n');
    expect(await page()).toMatchObject({ total: 1, errors: 0, lines: [{ number: 1, text: 'new' }] });
    rmSync(file);
    expect(await page()).toMatchObject({ total: 0, bytes: 0, complete: true });
  });

  it('is searched in any case, forwards and backwards, round the end, among the lines shown', async () => {
    writeFileSync(file, 'Alpha\nINFO beta\nWARNING ALPHA alpha\nERROR beta\nalpha\n');
    const text = (t: string) => ({ kind: 'text' as const, text: t });
    expect(await find({ what: text('alpha') })).toMatchObject({ count: 3, row: 0, place: 1 });
    expect(await find({ what: text('ALPHA'), from: 0 })).toMatchObject({ count: 3, row: 2, place: 2 });
    expect(await find({ what: text('alpha'), from: 4 })).toMatchObject({ row: 0, place: 1 });
    expect(await find({ what: text('alpha'), from: 2, direction: 'previous' })).toMatchObject({ row: 0, place: 1 });
    expect(await find({ what: text('alpha'), from: 0, direction: 'previous' })).toMatchObject({ row: 4, place: 3 });
    expect(await find({ what: text('alpha'), floor: 'warning' })).toMatchObject({ count: 1, row: 0 });
    expect(await find({ what: text('gamma') })).toMatchObject({ count: 0, row: null, place: 0 });
    expect(await find({ what: { kind: 'level', level: 'error' } })).toMatchObject({ count: 1, row: 3 });
    expect(await find({ what: { kind: 'level', level: 'warning' }, from: 2 })).toMatchObject({
      count: 2,
      row: 3,
      place: 2,
    });
  });

  it('does not choke on a line without an end', async () => {
    writeFileSync(file, `short\n${'y'.repeat(3_000_000)}\nERROR after\n`);
    const answer = await page();
    expect(answer.total).toBeLessThan(8);
    expect(answer.lines[1]!.text.length).toBeLessThan(5000);
    expect(answer.lines.at(-1)).toMatchObject({ text: 'ERROR after', level: 'error' });
    expect(await find({ what: { kind: 'text', text: 'error after' } })).toMatchObject({
      count: 1,
      row: answer.total - 1,
    });
  });
});

it('answers about a million lines in turns, and any page of them at once', async () => {
  const line = (i: number): string =>
    `${i % 100_000 === 7 ? 'ERROR' : 'INFO'} step ${i} of the chain, with some words behind it\n`;
  const parts: string[] = [];
  for (let i = 0; i < 1_000_000; i += 50_000)
    parts.push(Array.from({ length: 50_000 }, (_, k) => line(i + k)).join(''));
  writeFileSync(file, parts.join(''));
  let turns = 0;
  for (let complete = false; !complete; turns++)
    ({ complete } = await reader.page({ target, floor: 'all', offset: 0, limit: 10 }));
  expect(turns).toBeGreaterThan(1);
  const last = await page({ offset: 999_998 });
  expect(last).toMatchObject({ total: 1_000_000, errors: 10, warnings: 0 });
  expect(texts(last)).toEqual([line(999_998).trimEnd(), line(999_999).trimEnd()]);
  expect((await page({ floor: 'error' })).lines.map(({ number }) => number)).toEqual(
    Array.from({ length: 10 }, (_, i) => i * 100_000 + 8),
  );
  expect(await find({ what: { kind: 'text', text: 'STEP 765432 ' }, from: 3 })).toMatchObject({
    count: 1,
    row: 765_432,
  });
  expect(await find({ what: { kind: 'text', text: 'step' }, from: 499_999 })).toMatchObject({
    count: 1_000_000,
    row: 500_000,
    place: 500_001,
  });
});

it('knows the engine by night, and its lines by who wrote them', async () => {
  const json = (source: string, level: string, text: string): string =>
    `${JSON.stringify({ id: 1, at: '2026-11-21T05:00:00.000Z', source, level, expid: 7, camera: 'b0', text })}\n`;
  const name = 'engine-20261121.log';
  writeFileSync(
    join(folder, name),
    json('engine', 'info', 'says "source":"monitor","level":"error"') +
      json('monitor', 'error', 'no contact') +
      'broken\n',
  );
  writeFileSync(join(folder, 'engine.log'), '');
  writeFileSync(join(folder, 'other.log'), '');
  expect((await reader.files()).map((log) => [log.name, log.current])).toEqual([
    [name, true],
    ['engine.log', false],
  ]);
  const of = (source: 'all' | 'engine' | 'monitor') => page({ target: { kind: 'engine', file: name, source } });
  const all = await of('all');
  expect(all).toMatchObject({ total: 3, errors: 1 });
  expect(all.lines[1]).toEqual({
    number: 2,
    level: 'error',
    text: 'no contact',
    at: Date.parse('2026-11-21T05:00:00Z'),
    source: 'monitor',
    expid: 7,
    camera: 'b0',
  });
  expect(all.lines[2]).toEqual({ number: 3, level: 'info', text: 'broken' });
  expect((await of('monitor')).lines.map(({ number }) => number)).toEqual([2]);
  expect((await of('engine')).lines.map(({ number }) => number)).toEqual([1, 3]);
});

it('reads a night whose log was divided as one, in order, with numbers that go on', async () => {
  const line = (n: number, level: string): string =>
    `${JSON.stringify({ source: 'engine', level, text: `step ${n}` })}\n`;
  const part = (name: string, from: number, to: number): void => {
    const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    writeFileSync(join(folder, name), numbers.map((n) => line(n, n % 4 === 0 ? 'error' : 'info')).join(''));
  };
  part('engine-20261121.log', 1, 5);
  part('engine-20261121.2.log', 6, 12);
  part('engine-20261121.10.log', 13, 14);
  part('engine-20261120.log', 90, 91);
  const night: LogTarget = { kind: 'engine', file: 'engine-20261121.log', source: 'all' };
  expect((await reader.files()).map(({ name, current }) => [name, current])).toEqual([
    ['engine-20261121.log', true],
    ['engine-20261120.log', false],
  ]);
  const all = await page({ target: night });
  expect(all).toMatchObject({ total: 14, errors: 3 });
  expect(all.lines.map(({ number, text }) => [number, text])).toEqual(
    Array.from({ length: 14 }, (_, i) => [i + 1, `step ${i + 1}`]),
  );
  expect(texts(await page({ target: night, offset: 4, limit: 3 }))).toEqual(['step 5', 'step 6', 'step 7']);
  expect((await page({ target: night, floor: 'error' })).lines.map(({ number }) => number)).toEqual([4, 8, 12]);
  const text = (t: string) => ({ kind: 'text' as const, text: t });
  expect(await find({ target: night, what: text('step 1'), from: 0 })).toMatchObject({ count: 6, row: 9, place: 2 });
  expect(await find({ target: night, what: { kind: 'level', level: 'error' }, from: 8 })).toMatchObject({ row: 11 });
  expect(
    await find({ target: night, what: { kind: 'level', level: 'error' }, from: 3, direction: 'previous' }),
  ).toMatchObject({ count: 3, row: 11, place: 3 });
});
