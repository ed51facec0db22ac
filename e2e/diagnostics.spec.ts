import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { query } from './fixtures/qlf.ts';
import { parsePrometheus } from './support/prometheus-text.ts';

const ROOT = join(import.meta.dirname, '..');
const night = onObservedNight('diagnostics');

/** Unpacks a bundle by the system's tar; reads a file of it. */
function unpack(bundle: string, name: string): (file: string) => string {
  const place = join(night.folder, name);
  mkdirSync(place);
  execFileSync('tar', ['xzf', bundle, '-C', place]);
  const [top = ''] = readdirSync(place);
  return (file) => readFileSync(join(place, top, file), 'utf8');
}

interface DatabaseReport {
  tables: { name: string; rows: number; check: string }[];
}

function expectTruth(read: (file: string) => string): void {
  const { tables } = JSON.parse(read('database.json')) as DatabaseReport;
  const [counted] = query<{ n: number }>(night.qlf.databaseFile, 'SELECT count(*) AS n FROM measurement');
  expect(tables).toContainEqual({ name: 'measurement', rows: counted?.n, check: 'ok' });
  expect(tables.filter(({ check }) => check !== 'ok')).toEqual([]);
}

test('a bundle of diagnostics by one click: it says where it is, and shows it', async () => {
  const { page, electron } = night.qlf;
  await electron.evaluate(({ shell }) => {
    const shown: string[] = [];
    Object.assign(globalThis, { shown });
    shell.showItemInFolder = (file: string) => void shown.push(file);
  });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Diagnostics' }).click();
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save diagnostics' }).click();
  await expect(page.getByText(/^Saved, |Saved, [\d.]+/)).toBeVisible({ timeout: 60_000 });
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show in folder' }).click();
  const shown = (): Promise<string[]> => electron.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
  await expect.poll(shown).toHaveLength(1);
  const [file = ''] = await shown();
  await expect(page.getByText(file)).toBeVisible();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const read = unpack(file, 'by-click');
  expectTruth(read);
  expect(read('about.json')).toContain('"engine": "running"');
  expect(parsePrometheus(read('metrics.txt')).get('qlf_exposures')?.samples).not.toHaveLength(0);
  expect(
    readdirSync(join(night.folder, 'by-click', readdirSync(join(night.folder, 'by-click'))[0] ?? '', 'logs')),
  ).not.toEqual([]);
  await guide(page, 'settings-diagnostics');
});

test('a bundle from a terminal, beside the engine that runs', () => {
  const file = join(night.folder, 'from-terminal.tar.gz');
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['start', '--', '--headless', '--data', join(night.folder, 'data'), '--diagnostics', file],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, XDG_CONFIG_HOME: join(night.folder, 'config') } },
  );
  expect(status, stderr).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(file);
  expectTruth(unpack(file, 'by-terminal'));
});

test('health and metrics of the running application', async () => {
  const { qlf } = night;
  const base = new URL(qlf.ingestUrl).origin;
  await expect.poll(async () => (await fetch(`${base}/health`)).status, { timeout: 30_000 }).toBe(200);
  const families = parsePrometheus(await (await fetch(`${base}/metrics`)).text());
  const exposures = families.get('qlf_exposures')?.samples ?? [];
  for (const { state, n } of query<{ state: string; n: number }>(
    qlf.databaseFile,
    'SELECT state, count(*) AS n FROM exposure GROUP BY state',
  ))
    expect(exposures).toContainEqual({ name: 'qlf_exposures', labels: { state }, value: n });
  expect(families.get('qlf_disk_free_bytes')?.samples[0]?.value).toBeGreaterThan(0);
  expect(families.get('qlf_connection_up')?.samples).toContainEqual({
    ...{ name: 'qlf_connection_up', labels: { connection: 'dos' }, value: 1 },
  });
});
