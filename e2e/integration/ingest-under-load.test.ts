import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import type { JobReceipt } from '#shared/http/job-post.ts';
import type { FloodOrder, FloodReport } from '../support/flooder.ts';
import type { IngestPlace, MemoryUsed } from '../support/ingest-process.ts';

const MB = 1024 * 1024;
/** Bytes of the QA outputs that each of the 30 pipelines posts in a burst. */
const BURST = [2000, 12_000, 12_000, 40_000, 12_000, 120_000, 12_000, MB];
/** Acknowledged after the burst before the endpoint is killed. */
const BEFORE_KILL = 200;

let folder: string;
let children: ChildProcess[];
let agent: Agent;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-load-'));
  children = [];
  agent = new Agent({ keepAlive: true });
});
afterEach(async () => {
  agent.destroy();
  for (const child of children) child.kill('SIGKILL');
  for (const child of children) if ((child.exitCode ?? child.signalCode) === null) await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string, args: string[], execArgv: string[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(`../support/${program}`, import.meta.url)), args, { execArgv });
  children.push(child);
  return child;
}

async function asked<T>(child: ChildProcess, question: object): Promise<T> {
  const answer = once(child, 'message') as Promise<[T]>;
  child.send(question);
  return (await answer)[0];
}

/** Posts a value; resolves to the id under which it is acknowledged, or to the status that it was refused with. */
function post(
  place: IngestPlace,
  camera: string,
  mark: string,
  bytes: number,
): Promise<{ status: number; id?: number }> {
  const fibers = Array.from({ length: Math.floor(bytes / 18) }, (_, i) => 1000 + Math.sin(i) * 900);
  const value = { METRICS: { MARK: mark, TOTCOUNT_FIB: fibers }, PARAMS: {} };
  const body = JSON.stringify({
    expid: place.expid,
    camera,
    status: 2,
    measurements: [{ metric: 'countbins', value }],
  });
  const headers = { Authorization: place.authorization, 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const { port } = place;
    const sent = request({ port, host: '127.0.0.1', path: '/dashboard/api/job/', method: 'POST', headers, agent });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status !== 201) resolve({ status });
        else resolve({ status, id: (JSON.parse(text) as JobReceipt).measurements[0]?.id ?? -1 });
      });
    });
    sent.end(body);
  });
}

it('30 pipelines lose nothing that was acknowledged, whoever floods beside them and though the endpoint is killed', async () => {
  // Twice what it needs; without bounds a flood would fill it.
  const endpoint = start('ingest-process.ts', [folder], ['--max-old-space-size=256']);
  const [place] = (await once(endpoint, 'message')) as [IngestPlace];
  const flooder = start('flooder.ts', [], []);
  flooder.send({ port: place.port, sloppy: place.sloppy } satisfies FloodOrder);

  const acknowledged = new Map<number, string>();
  const refused: number[] = [];
  const deliver = async (camera: string, mark: string, bytes: number): Promise<void> => {
    const { status, id } = await post(place, camera, mark, bytes);
    if (id === undefined) refused.push(status);
    else acknowledged.set(id, mark);
  };
  await Promise.all(
    CAMERAS.map(async (camera) => {
      for (const [i, bytes] of BURST.entries()) await deliver(camera, `${camera} ${String(i)}`, bytes);
    }),
  );
  expect(refused).toEqual([]);
  expect(acknowledged.size).toBe(CAMERAS.length * BURST.length);
  const used = await asked<MemoryUsed>(endpoint, {});
  expect(used.buffers).toBeLessThan(400 * MB);

  const report = await asked<FloodReport>(flooder, {});
  expect(Object.keys(report)).toHaveLength(13);
  for (const [kind, answers] of Object.entries(report)) {
    expect(
      Object.keys(answers).filter((what) => !/^(4(00|01|04|08|13|22|29|31)|cut off)$/.test(what)),
      kind,
    ).toEqual([]);
  }

  // More and more until it is killed in the midst of it.
  const enough = acknowledged.size + BEFORE_KILL;
  await Promise.all(
    CAMERAS.map(async (camera) => {
      for (let i = 0; !endpoint.killed; i += 1) {
        await deliver(camera, `${camera} then ${String(i)}`, 12_000).catch((error: unknown) => {
          if (!endpoint.killed) throw error;
        });
        if (acknowledged.size >= enough) endpoint.kill('SIGKILL');
      }
    }),
  );
  if (endpoint.signalCode === null) await once(endpoint, 'exit');

  const db = new Sqlite(join(folder, 'qlf.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const rows = db
    .prepare<[], { id: number; mark: string }>(
      `SELECT measurement_id AS id, value ->> '$.METRICS.MARK' AS mark FROM measurement_value`,
    )
    .all();
  db.close();
  const kept = new Map(rows.map(({ id, mark }) => [id, mark]));
  expect([...acknowledged].filter(([id, mark]) => kept.get(id) !== mark)).toEqual([]);
  expect(new Set(kept.values()).size).toBe(rows.length);
  expect(refused).toEqual([]);
}, 300_000);
