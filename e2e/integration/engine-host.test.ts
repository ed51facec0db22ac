import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventBatch } from '#shared/state/events.ts';
import { applyBatch } from '#shared/state/reducer.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { hostEngine } from '../../src-main/engine-host.ts';
import { engineOptions } from './engine-rig.ts';

let folder: string;
let host: RunningEngine;

const raw = (name: string): string => join(folder, name, 'raw');
const data = (name: string): string => join(folder, name, 'data');
const snapshot = async () => host.handlers['control-room.snapshot']({});
const change = async (name: string) =>
  host.handlers['folders.set']({ folders: { source: raw(name), data: data(name) } });

/** Two real nights without exposures; engines with all their real parts. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-host-'));
  process.env['XDG_CONFIG_HOME'] = join(folder, 'config');
  for (const name of ['one', 'two']) mkdirSync(raw(name), { recursive: true });
  host = await hostEngine(engineOptions(raw('one'), data('one')));
  await host.start();
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

test('other folders are opened in place, and who listens sees that the snapshot must be taken again', async () => {
  let page = await snapshot();
  let gaps = 0;
  host.onEvents((batch: EventBatch) => {
    const next = applyBatch(page, batch);
    if (next) page = next;
    else gaps += 1;
  });
  await change('two');
  const after = await snapshot();
  expect(after.engine).toMatchObject({ dataDir: data('two'), activity: 'idle' });
  await expect.poll(() => gaps).toBeGreaterThan(0);
  page = await snapshot();
  await host.handlers['engine.set-mode']({ mode: 'manual' });
  await expect.poll(() => page.engine.mode).toBe('manual');
  // The old folder is free again.
  await change('one');
  expect((await snapshot()).engine).toMatchObject({ dataDir: data('one'), mode: 'auto' });
});

test('where the new folder cannot be opened the old one comes back, and is chosen again', async () => {
  mkdirSync(data('two'), { recursive: true });
  writeFileSync(join(data('two'), 'qlf.db'), 'no database at all, and longer than nothing');
  const before = await host.handlers['folders.get']({});
  await expect(change('two')).rejects.toThrow(/qlf\.db/);
  expect((await snapshot()).engine).toMatchObject({ dataDir: data('one'), activity: 'idle' });
  expect(await host.handlers['folders.get']({})).toEqual(before);
});

test('settings said on the command line give way to those chosen since, and are not kept', async () => {
  const settings = await host.handlers['settings.get']({});
  expect(settings.parallel).toBe(3);
  expect(await host.handlers['settings.set']({ settings: { ...settings, dosPeriod: 9 } })).toMatchObject({
    parallel: 3,
    dosPeriod: 9,
  });
  expect(await host.handlers['settings.set']({ settings: { ...settings, parallel: 5 } })).toMatchObject({
    parallel: 5,
  });
});

test('the endpoint moves to another port, and the one that nobody needs is closed', async () => {
  const old = host.ingestUrl;
  const settings = await host.handlers['settings.get']({});
  const probe = await fetch(old);
  expect(probe.status).toBe(200);
  const port = 20_000 + (process.pid % 20_000);
  await host.handlers['settings.set']({ settings: { ...settings, ingestPort: port } });
  expect(host.ingestUrl).not.toBe(old);
  expect((await snapshot()).engine.ingestUrl).toBe(host.ingestUrl);
  expect((await fetch(host.ingestUrl)).status).toBe(200);
  await expect
    .poll(() =>
      fetch(old).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
});
