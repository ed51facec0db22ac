import { request as httpRequest } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyRoom } from '#shared/state/control-room.ts';
import type { Connection } from '#shared/state/control-room.ts';
import { startIngest, type RunningIngest } from '../../src-main/ingest/start-ingest.ts';
import { openObservability } from '../../src-main/open-observability.ts';
import { ControlRoom } from '../../src-main/orchestrator/control-room.ts';
import { parsePrometheus, type Family } from '../support/prometheus-text.ts';
import { until } from '../support/wait.ts';
import { basic, ingestFixture, PASSWORD, USER, type IngestFixture } from './ingest-fixture.ts';

const STARTED = Date.parse('2026-11-22T03:00:00Z');

let fixture: IngestFixture;
let folder: string;
let room: ControlRoom;
let ingest: RunningIngest;
let observability: ReturnType<typeof openObservability>;

beforeEach(async () => {
  fixture = ingestFixture();
  folder = mkdtempSync(join(tmpdir(), 'qlf-observability-'));
  room = new ControlRoom(emptyRoom(folder, STARTED), () => STARTED);
  mkdirSync(join(folder, 'spool'));
  writeFileSync(join(folder, 'spool', 'one'), Buffer.alloc(1234));
  observability = openObservability({
    ...{ version: '1.2.3 "quoted" \\', root: folder, databaseFile: join(folder, 'qlf.db') },
    ...{ room, store: fixture.db, now: () => STARTED + 60_000 },
  });
  ingest = await startIngest({ ...fixture.options, events: room, observability, port: 0 });
});
afterEach(async () => {
  await ingest.close();
  observability.close();
  fixture.close();
  rmSync(folder, { recursive: true });
});

const health = async () => {
  const response = await fetch(`${ingest.url}/health`);
  return { status: response.status, body: (await response.json()) as { checks: { name: string; reason: string }[] } };
};
const failing = (body: { checks: { name: string; reason: string }[] }): string[] =>
  body.checks.filter(({ reason }) => reason !== '').map(({ name, reason }) => `${name}: ${reason}`);
const scrape = async (): Promise<Map<string, Family>> => {
  const response = await fetch(`${ingest.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parsePrometheus(await response.text());
};
const value = (
  families: Map<string, Family>,
  name: string,
  labels: Record<string, string> = {},
): number | undefined => {
  const family = [...families].find(([own]) => name === own || name.startsWith(`${own}_`))?.[1];
  return family?.samples.find(
    (sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels),
  )?.value;
};
const connection = (name: Connection['name'], state: Connection['state']): void => {
  room.publish({
    type: 'connection',
    connection: {
      ...{
        name,
        adapter: 'operations database',
        state,
        since: STARTED,
        lastContact: null,
        lastLoss: null,
        retryAt: null,
      },
      error: 'nobody answers at db.observatory.example:5432',
    },
  });
};
const disk = (freeBytes: number): void => {
  room.publish({
    type: 'disk',
    disk: { totalBytes: 1000, freeBytes, warnAt: 0.8, faultAt: 0.9, checkedAt: STARTED },
  });
};
const postJob = (camera: string, status: number): Promise<Response> =>
  fetch(`${ingest.url}/dashboard/api/job/`, {
    method: 'POST',
    headers: { authorization: basic(USER, PASSWORD), 'content-type': 'application/json' },
    body: JSON.stringify({ id: 1, expid: 7, camera, status, measurements: [] }),
  });

describe('health', () => {
  it('is ready where a new exposure would be processed; lives whatever fails', async () => {
    expect(await health()).toMatchObject({ status: 200, body: { status: 'ready', uptime: 0 } });
    expect((await health()).body.checks).toHaveLength(5);
    connection('dos', 'lost');
    disk(50);
    room.setEngine({ activity: 'off' });
    const { status, body } = await health();
    expect(status).toBe(503);
    expect(failing(body)).toEqual([
      "disk: 95 % of the data folder's disk is used",
      'engine: stopped since 2026-11-22T03:00:00.000Z',
      'dos: operations database: no contact since 2026-11-22T03:00:00.000Z; the monitor shows the error',
    ]);
    expect(JSON.stringify(body)).not.toContain('observatory');
    const live = await fetch(`${ingest.url}/healthz`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok', version: '1.2.3' }]);
    connection('dos', 'ok');
    disk(500);
    room.setEngine({ activity: 'idle' });
    expect((await health()).status).toBe(200);
  });

  it('says that the database does not answer', async () => {
    fixture.db.close();
    const { status, body } = await health();
    expect(status).toBe(503);
    expect(failing(body)).toEqual(['database: the database does not answer; see the log']);
  });
});

describe('metrics', () => {
  it('are of the exact format, with what was posted, transferred, queued, lost and stored', async () => {
    const before = await scrape();
    expect(value(before, 'qlf_jobs_total', { result: 'done' })).toBe(0);
    expect(value(before, 'qlf_build_info', { version: '1.2.3 "quoted" \\' })).toBe(1);
    expect((await postJob('b0', 0)).status).toBe(201);
    expect((await postJob('r0', 1)).status).toBe(201);
    expect((await postJob('r0', 1)).status).toBe(201);
    expect((await fetch(`${ingest.url}/no/such/"place"`)).status).toBe(404);
    fixture.startRun(9, ['b1']);
    fixture.db.setExposureState(9, 'waiting', '');
    const progress = { expid: 9, file: 'desi-00000009.fits.fz', totalBytes: 900, rate: null, secondsLeft: null };
    // 100 bytes were here from an earlier attempt.
    for (const bytes of [100, 400, 900]) room.publish({ type: 'transfer', progress: { ...progress, bytes } });
    room.publish({ type: 'transfer', progress: null });
    connection('dos', 'lost');
    connection('transfer', 'ok');
    disk(300);
    const after = await until(scrape, (families) => value(families, 'qlf_transfer_bytes_total') === 800);
    // An external pipeline's first post comes on screen as a whole run, with its job in it.
    expect(value(after, 'qlf_jobs_total', { result: 'done' })).toBe(1);
    expect(value(after, 'qlf_jobs_total', { result: 'failed' })).toBe(1);
    expect(value(after, 'qlf_run_jobs', { state: 'done' })).toBe(1);
    expect(value(after, 'qlf_exposures', { state: 'waiting' })).toBe(1);
    expect(value(after, 'qlf_queue_depth')).toBe(1);
    expect(value(after, 'qlf_connection_up', { connection: 'dos' })).toBe(0);
    expect(value(after, 'qlf_connection_up', { connection: 'transfer' })).toBe(1);
    expect(value(after, 'qlf_ready')).toBe(0);
    expect(value(after, 'qlf_disk_free_bytes')).toBe(300);
    expect(value(after, 'qlf_alarms', { severity: 'fault' })).toBe(0);
    expect(value(after, 'qlf_start_time_seconds')).toBe((STARTED + 60_000) / 1000);
    expect(value(after, 'qlf_ingest_post_duration_seconds_count')).toBe(3);
    const job = { method: 'POST', route: '/dashboard/api/job/', status: '201' };
    expect(value(after, 'qlf_http_requests_total', job)).toBe(3);
    expect(value(after, 'qlf_http_requests_total', { method: 'GET', route: 'none', status: '404' })).toBe(1);
    for (const name of ['qlf_heap_used_bytes', 'qlf_resident_memory_bytes'])
      expect(value(after, name)).toBeGreaterThan(1e6);
    expect(value(after, 'qlf_event_loop_lag_seconds', { quantile: '0.99' })).toBeGreaterThanOrEqual(0);
    const counted = await until(
      scrape,
      (families) => value(families, 'qlf_folder_bytes', { folder: 'spool' }) !== undefined,
    );
    expect(value(counted, 'qlf_folder_bytes', { folder: 'spool' })).toBe(1234);
  });

  it('are told to this machine’s programs alone, and are in the published description', async () => {
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = httpRequest(`${ingest.url}/metrics`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.on('error', reject);
        asked.end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    const description = (await (await fetch(`${ingest.url}/dashboard/api/openapi.json`)).json()) as {
      paths: Record<string, { get?: { responses: Record<string, { content?: Record<string, unknown> }> } }>;
    };
    expect(Object.keys(description.paths['/metrics']?.get?.responses['200']?.content ?? {})).toEqual(['text/plain']);
    expect(Object.keys(description.paths['/health']?.get?.responses ?? {})).toEqual(['200', '503', 'default']);
    const map = (await (await fetch(`${ingest.url}/dashboard/api/`)).json()) as Record<string, string>;
    expect(map).toMatchObject({ metrics: `${ingest.url}/metrics`, health: `${ingest.url}/health` });
  });
});

describe('the reader of metrics', () => {
  it('refuses what a collector would', () => {
    const good = '# HELP a_total words\n# TYPE a_total counter\na_total{b="c\\"d"} 1\n';
    expect(parsePrometheus(good).get('a_total')?.samples).toEqual([
      { name: 'a_total', labels: { b: 'c"d' }, value: 1 },
    ]);
    const bad = [
      good.trimEnd(),
      good.replace('} 1', '} one'),
      good.replace('} 1', '} 1 '),
      good.replaceAll('a_total', 'a'),
      good.replace('counter', 'gauge'),
      good.replace('c\\"d', 'c"d'),
      good + good,
      `${good}a_total{b="c\\"d"} 2\n`,
      good.replace('# TYPE a_total counter\n', ''),
      'a_total 1\n',
    ];
    for (const text of bad) expect(() => parsePrometheus(text), text).toThrow();
  });
});
