/**
 * Durable POSTs of 12 KB a second over 30 connections, side by side with what this machine's disk and SQLite do at most with a
 * transaction a row, and with the original's stack (django/endpoint.py) in two ways: as fast as it goes, and as the original
 * was run, there with a connection a post, here too. Then the latencies of 30 pipelines that post in bursts, up to 1 MB a QA
 * output, alone, with somebody who floods beside them, and all at the same instant. Rounds alternate. Prints ratios; no test
 * passes or fails by them.
 *
 *   npm run bench:ingest [-- --seconds 4 --rounds 5 --connections 30 --bytes 12000 --folder /tmp]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { CAMERAS } from '#shared/domain/camera.ts';
import { openDatabase } from '../src-main/db/open-database.ts';
import { runUser } from '../src-main/domain/run-user.ts';
import { startIngest } from '../src-main/ingest/start-ingest.ts';
import type { FloodReport } from '../e2e/support/flooder.ts';
import { startDjango } from './django-endpoint.ts';
import type { LoadOrder, LoadResult } from './ingest-client.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '30' },
    bytes: { type: 'string', default: '12000' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const seconds = Number(options.seconds);
const bytes = Number(options.bytes);
const EXPID = 298_417;
const PASSWORD = 'a run has a random one';

/** Rows of the same size a second, each in a transaction of its own that is on the disk when it returns. */
function singleRowLimit(folder: string): number {
  const db = new Sqlite(join(folder, 'limit.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, value TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO row (value) VALUES (?)');
  const value = 'x'.repeat(bytes);
  const begun = performance.now();
  let rows = 0;
  while (performance.now() - begun < seconds * 500) {
    insert.run(value);
    rows += 1;
  }
  const rate = rows / ((performance.now() - begun) / 1000);
  db.close();
  return rate;
}

function ask(client: ChildProcess, order: LoadOrder): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the client ended with ${code ?? 'a signal'}`));
    client.once('exit', ended);
    client.once('message', (result) => {
      client.off('exit', ended);
      resolve(result as LoadResult);
    });
    client.send(order);
  });
}

const sorted = (list: number[]): number[] => [...list].sort((a, b) => a - b);
const quantile = (list: number[], q: number): number => sorted(list)[Math.floor(q * (list.length - 1))] ?? NaN;

const folder = mkdtempSync(join(options.folder, 'qlf-bench-'));
const store = openDatabase({ file: join(folder, 'qlf.db'), origin: 'emulated', defaultConfiguration: '{}' });
const metadata = {
  program: 'dark',
  exptime: 900,
  airmass: 1,
  seeing: 1,
  tileid: 1,
  mjdObs: 1,
  dateObs: '',
  ra: 1,
  dec: 1,
};
store.registerExposure(
  { expid: EXPID, night: '20191115', flavor: 'science', obstype: null, header: {}, camerasExpected: [], ...metadata },
  { state: 'processing', reason: '', camerasExpected: [], at: 0 },
);
const run = store.createRun({
  expid: EXPID,
  night: '20191115',
  configurationId: store.currentConfiguration().id,
  configuration: '{}',
  passwordHash: createHash('sha256').update(PASSWORD).digest('hex'),
  startedAt: 0,
});
store.createJobs(
  run.id,
  CAMERAS.map((camera) => ({ camera, state: 'running', reason: '' })),
);
const batches: number[] = [];
let published = 0;
const ingest = await startIngest({
  store: {
    ...store,
    recordPosts: (posts) => {
      batches.push(posts.length);
      return store.recordPosts(posts);
    },
  },
  events: { publish: () => (published += 1), log: () => undefined },
  configurator: { check: () => undefined },
  users: [{ user: 'sloppy', password: PASSWORD }],
  version: 'bench',
  readerProgram: new URL('../src-main/ingest-worker.ts', import.meta.url),
  port: 0,
});
const client = fork(fileURLToPath(new URL('ingest-client.ts', import.meta.url)), { serialization: 'advanced' });
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}`;
const order: Omit<LoadOrder, 'round' | 'seconds'> = {
  port: ingest.port,
  authorization: basic(runUser(run.id)),
  expid: EXPID,
  cameras: [...CAMERAS],
  connections: Number(options.connections),
  sizes: [bytes],
  restMs: 0,
  together: true,
  connectionEach: false,
};
/** What a pipeline posts when a step has ended, and the seconds until the next one has. */
const bursts = {
  ...order,
  together: false,
  sizes: [2000, 12_000, 12_000, 40_000, 12_000, 100_000, 12_000, 1_000_000],
  restMs: 4000,
};
const fast = await startDjango(folder, order.authorization, 'fast');
const original = await startDjango(folder, order.authorization, 'original');

/** The flood goes on while `work` does. */
async function flooded(work: () => Promise<LoadResult>): Promise<[LoadResult, FloodReport]> {
  const flooder = fork(fileURLToPath(new URL('../e2e/support/flooder.ts', import.meta.url)), { execArgv: [] });
  flooder.send({ port: ingest.port, sloppy: basic('sloppy') });
  const result = await work();
  const report = new Promise<FloodReport>((resolve) => flooder.once('message', (told) => resolve(told as FloodReport)));
  flooder.send({});
  return [result, await report];
}

await ask(client, { ...order, seconds: 1, round: 0 });
const limits: number[] = [];
const floods: FloodReport[] = [];
const cpuMs: number[] = [];
const rounds = Number(options.rounds);
type Measured = Record<'own' | 'fast' | 'ownEach' | 'original' | 'calm' | 'stormy' | 'instant', LoadResult[]>;
const results: Measured = { own: [], fast: [], ownEach: [], original: [], calm: [], stormy: [], instant: [] };
let number = 0;
const measure = (asked: Omit<LoadOrder, 'round'>): Promise<LoadResult> =>
  ask(client, { ...asked, round: (number += 1) });
for (let round = 1; round <= rounds; round += 1) {
  limits.push(singleRowLimit(folder));
  const before = process.cpuUsage();
  const result = await measure({ ...order, seconds });
  const { user, system } = process.cpuUsage(before);
  results.own.push(result);
  cpuMs.push((user + system) / 1000 / result.posts);
  results.fast.push(await measure({ ...order, port: fast.port, seconds }));
  const each = { ...order, connectionEach: true, seconds };
  results.ownEach.push(await measure(each));
  results.original.push(await measure({ ...each, port: original.port }));
  results.calm.push(await measure({ ...bursts, seconds: 2 * seconds }));
  const [storm, flood] = await flooded(() => measure({ ...bursts, seconds: 2 * seconds }));
  results.stormy.push(storm);
  floods.push(flood);
  // One burst of each, begun by all at once: what no night brings, but a synchronised start could.
  results.instant.push(await measure({ ...bursts, together: true, seconds: 1 }));
}
client.disconnect();
await fast.stop();
await original.stop();
await ingest.close();
const kept = store.listMeasurements({ runId: run.id, revisions: true }, { limit: 1, offset: 0 }).total;
store.close();
rmSync(folder, { recursive: true });

const rateOf = ({ posts, failures, seconds: time }: LoadResult): number => (posts - failures) / time;
const sum = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0);
const { own, ownEach, calm, stormy, instant } = results;
const ours = [...own, ...ownEach, ...calm, ...stormy, ...instant];
const ms = (value: number): string => `${value.toPrecision(3)} ms`;
const latency = (list: LoadResult[], fits = (_bytes: number): boolean => true): string => {
  const all = list.flatMap((result) => result.latencies.filter((_, i) => fits(result.sizes[i] ?? 0)));
  return `median ${ms(quantile(all, 0.5))}, p99 ${ms(quantile(all, 0.99))}, most ${ms(quantile(all, 1))}`;
};
const ratio = (what: string, list: number[]): void =>
  console.log(`${what}: ${quantile(list, 0.5).toFixed(2)} (each round: ${list.map((r) => r.toFixed(2)).join(', ')})`);
const over = (one: LoadResult[], other: LoadResult[]): number[] =>
  one.map((result, i) => rateOf(result) / (other[i] ? rateOf(other[i]) : NaN));
const rate = (what: string, list: number[]): void =>
  console.log(`${`${what}:`.padEnd(52)}${quantile(list, 0.5).toFixed(0).padStart(6)} /s`);
rate(`single-row FULL transactions of ${String(bytes)} bytes`, limits);
rate(`durable POSTs over ${options.connections} connections`, own.map(rateOf));
rate('the same to Django REST, as fast as it goes', results.fast.map(rateOf));
rate('durable POSTs, a connection each', ownEach.map(rateOf));
rate('the same to Django REST, as the original ran it', results.original.map(rateOf));
console.log(`latency: ${latency(own)}; Django ${latency(results.fast)}, as the original ${latency(results.original)}`);
console.log(`processor time of the endpoint: ${ms(quantile(cpuMs, 0.5))} a post`);
console.log(`posts a transaction: median ${String(quantile(batches, 0.5))}`);
for (const [what, list] of [
  ['30 pipelines in bursts up to 1 MB', calm],
  ['the same, flooded', stormy],
  ['a burst of all 30 at the same instant', instant],
] as const) {
  console.log(`${what}: ${latency(list)}`);
  console.log(`  up to 12 KB: ${latency(list, (size) => size <= 12_000)}`);
  console.log(`  40 and 100 KB: ${latency(list, (size) => size > 12_000 && size < 1e6)}`);
  console.log(`  1 MB: ${latency(list, (size) => size >= 1e6)}`);
}
console.log(`the flood got ${JSON.stringify(floods.at(-1))}`);
const failures = (list: LoadResult[]): number => sum(list.map((result) => result.failures));
// Besides those of the round before the first.
console.log(
  `not 201: ${String(failures(ours))} of ${String(sum(ours.map((result) => result.posts)))}, of Django ` +
    `${String(failures([...results.fast, ...results.original]))}; kept ${String(kept)}, published ${String(published)}`,
);
ratio(
  'over single-row transactions (goal 0.8)',
  own.map((result, i) => rateOf(result) / (limits[i] ?? NaN)),
);
ratio('over Django REST as fast as it goes', over(own, results.fast));
ratio('over Django REST as the original ran it (goal 12)', over(ownEach, results.original));
