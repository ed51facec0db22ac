import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultyDisk } from '../faults/faulty-disk.ts';
import { alive, killAll, type ProcessIdentity } from '../fixtures/process-tree.ts';
import { HeadlessLife, type LifeOptions } from '../soak/headless-life.ts';
import { look, lostOf, processedExposure, stuck, uneven, unsound } from '../soak/look-at-database.ts';
import { Sender } from '../soak/sender.ts';
import { freePort } from '../support/free-port.ts';

/** ms that anything is waited for; no test is about speed. */
const PATIENCE_MS = 480_000;
const credential = { user: 'elsewhere', password: 'known here only' };

let folder: string;
let data: string;
let database: string;
let disk: FaultyDisk;
let sender: Sender;
let options: Omit<LifeOptions, 'cadence'>;
const lives: HeadlessLife[] = [];
let killed: ProcessIdentity[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-disk-'));
  mkdirSync(join(folder, 'disk'));
  disk = new FaultyDisk(join(folder, 'disk'));
  data = join(folder, 'data');
  database = join(data, 'qlf.db');
  const port = await freePort();
  options = { data, home: join(folder, 'home'), port, seed: 5, ...credential };
  sender = new Sender(port, credential, () => look(database, processedExposure));
});
afterEach(async () => {
  await sender.stop();
  for (const life of lives.splice(0)) if (!life.hasEnded) killed.push(...(await life.kill('tree')));
  killAll(killed);
  killed = [];
  rmSync(folder, { recursive: true, force: true });
});

function live(more: Pick<LifeOptions, 'cadence' | 'env'>): HeadlessLife {
  const life = new HeadlessLife({ ...options, ...more });
  lives.push(life);
  return life;
}

async function says(life: HeadlessLife, what: RegExp): Promise<void> {
  expect(await life.says(what, PATIENCE_MS), `${String(what)} in\n${life.said.slice(-3000)}`).toBe(true);
}

/** Lets what is open come to its end, no exposure coming any more. */
async function settle(life: HeadlessLife): Promise<void> {
  const open = (): number =>
    look(database, (db) => stuck(db).filter((what) => /waiting|processing|running/.test(what)).length) ?? 1;
  const begun = performance.now();
  while (open() > 0 && performance.now() - begun < PATIENCE_MS && !life.hasEnded) await pause(100);
  expect(await life.end(), life.said.slice(-3000)).toBe(0);
}

function expectNothingLost(): void {
  expect(look(database, unsound)).toEqual([]);
  expect(look(database, stuck)).toEqual([]);
  expect(look(database, uneven)).toEqual([]);
  expect(sender.acknowledged.length).toBeGreaterThan(0);
  expect(look(database, (db) => lostOf(db, sender.acknowledged))).toEqual([]);
}

it('after a power cut in mid-run everything that was acknowledged is there, and the run is finished', async () => {
  const first = live({ cadence: 'accelerated', env: disk.env });
  sender.start();
  const done = (): number =>
    look(database, (db) => db.prepare<[], { n: number }>("SELECT count(*) AS n FROM job WHERE state = 'done'").get())
      ?.n ?? 0;
  await says(first, /: process$/m);
  const begun = performance.now();
  while (done() < 4 && performance.now() - begun < PATIENCE_MS) await pause(20);
  killed = await first.kill('tree');
  await sender.stop();
  expect(disk.cutPower(data, join(data, 'test-environment')), 'files that lost something').toBeGreaterThan(0);

  const second = live({ cadence: 'manual' });
  await says(second, /engine started/);
  expect(alive(killed)).toEqual([]);
  await says(second, /taken up again/);
  await settle(second);
  expectNothingLost();
}, 1_800_000);

it('while the disk is full each part says so and waits, and goes on where it was when there is room', async () => {
  const folders = { raw: join(data, 'raw'), split: join(data, 'split'), logs: join(data, 'logs') };
  disk.fill(folders.raw, folders.logs);
  const life = live({ cadence: 'accelerated', env: disk.env });
  sender.start();
  await says(life, /the engine log cannot be written: .*ENOSPC/);
  await says(life, /ENOSPC.*tried again in/);
  disk.fill(folders.split);
  await says(life, /split.* cannot be written .*ENOSPC.*tried again in/);
  disk.fill();
  await says(life, /: process$/m);
  disk.fill(database);
  await says(life, /qlf\.db cannot be used \(.*(SQLITE_FULL|SQLITE_IOERR).*make room on its disk/);
  const before = sender.acknowledged.length;
  await pause(500);
  expect(sender.acknowledged.length - before, 'acknowledged while nothing can be stored').toBeLessThanOrEqual(1);
  disk.fill();
  await says(life, /taken up again[^]* done after/);
  expect(await life.end()).toBe(0);
  await sender.stop();
  const last = live({ cadence: 'manual' });
  await says(last, /engine started/);
  await settle(last);
  expectNothingLost();
}, 1_800_000);
