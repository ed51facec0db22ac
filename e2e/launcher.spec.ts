import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test, type ElectronApplication } from '@playwright/test';
import { rolldown } from 'rolldown';
import type { LaunchOrder, LaunchReport } from './fixtures/launcher/application.ts';

const ROOT = join(import.meta.dirname, '..');

let folder: string;
let electron: ElectronApplication;

/** The launcher and its host as the product has them, around a program made for this test. */
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-launcher-'));
  mkdirSync(join(folder, 'programs'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'launcher', main: 'main.cjs' }));
  const application = await rolldown({
    input: join(ROOT, 'e2e/fixtures/launcher/application.ts'),
    external: ['electron'],
    platform: 'node',
  });
  await application.write({ file: join(folder, 'main.cjs'), format: 'cjs' });
  cpSync(join(ROOT, 'out/main/utility-host.cjs'), join(folder, 'programs/utility-host.cjs'));
  cpSync(join(ROOT, 'e2e/fixtures/launcher/program.cjs'), join(folder, 'programs/ql-pipeline.cjs'));
  electron = await _electron.launch({
    executablePath: process.env['QLF_TEST_ELECTRON'] ?? '',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), folder, `--user-data-dir=${join(folder, 'window')}`],
  });
});
test.afterAll(async () => {
  await electron.close();
  rmSync(folder, { recursive: true, force: true });
});

const launch = (order: LaunchOrder): Promise<LaunchReport> =>
  electron.evaluate((_electron, wish) => globalThis.launch(wish), order);

const exit = (code: number) => ({ code, signal: null, error: null });
const killed = (signal: string) => ({ code: null, signal, error: null });

test('every word that a program says before it ends arrives, from six at once too', async () => {
  const reports = await Promise.all(Array.from({ length: 6 }, () => launch({ args: ['flood'] })));
  for (const report of reports) {
    expect(report).toMatchObject({ end: exit(4), stdoutBytes: 1_500_000 });
    expect(report.stderr.length).toBe(100_000);
  }
});

test('exit codes are what the program says', async () => {
  expect((await launch({ args: ['code'] })).end).toEqual(exit(3));
  expect((await launch({ args: ['well'] })).end).toEqual(exit(0));
});

test('an error that nobody caught is exit code 1, with its words', async () => {
  for (const way of ['throw', 'reject']) {
    const report = await launch({ args: [way] });
    expect(report.end).toEqual(exit(1));
    expect(report.stderr).toMatch(/Error: (thrown|rejected) on purpose/);
  }
});

test('a program that is killed or crashes has not ended well', async () => {
  for (const name of ['SIGTERM', 'SIGKILL'] as const)
    expect((await launch({ args: ['wait'], signal: { name, when: 'at-first-message' } })).end).toEqual(killed(name));
  expect((await launch({ args: ['wait'], signal: { name: 'SIGKILL', when: 'at-once' } })).end).toEqual(
    killed('SIGKILL'),
  );
  expect((await launch({ args: ['crash'] })).end).toEqual(killed('SIGSEGV'));
});

test('messages, arguments and environment are those of a plain child process', async () => {
  const report = await launch({ args: ['echo', '--flag', 'a b'], message: { list: [1, null] } });
  expect(report.end).toEqual(exit(0));
  expect(report.startedPid).toBeGreaterThan(1);
  expect(report.messages).toMatchObject([
    { echo: { list: [1, null] }, argv: ['echo', '--flag', 'a b'], env: { GREETING: 'hello' } },
  ]);
  const [{ env }] = report.messages as [{ env: Record<string, string> }];
  expect(Object.keys(env)).not.toContain('HOME');
});
