import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../test-support/endpoint.ts';
import { accessFromEnvironment, createApiClient } from './api-client.ts';
import type { JobDocument } from './job-document.ts';
import { createPoster, type Poster } from './poster.ts';
import { readSpool, spoolFile, spoolFilesIn, writeSpool } from './spool.ts';

const document = (metric: string, id = 1): JobDocument => ({
  id,
  expid: 101,
  camera: 'r0',
  status: 2,
  measurements: [{ metric, value: { METRICS: { X: 1 } } }],
});

let endpoint: Endpoint;
let warnings: string[];
beforeEach(async () => {
  endpoint = await startEndpoint();
  warnings = [];
});
afterEach(() => endpoint.close());

function posterTo(env: Record<string, string>, patience = 5000): Poster {
  const access = accessFromEnvironment(env);
  if (!access) throw new Error('no access');
  return createPoster(createApiClient(access), { patience, delays: [1], warn: (text) => warnings.push(text) });
}

describe('posting', () => {
  it('posts in order, what waits going together', async () => {
    const poster = posterTo(endpoint.env);
    for (const metric of ['a', 'b', 'c']) poster.post(document(metric));
    expect(await poster.close()).toEqual([]);
    expect(endpoint.metrics()).toEqual(['a', 'b', 'c']);
    expect(endpoint.documents.length).toBeLessThan(3);
  });

  it('keeps the documents of different jobs apart', async () => {
    const poster = posterTo(endpoint.env);
    for (const id of [1, 1, 2]) poster.post(document('a', id));
    expect(await poster.close()).toEqual([]);
    expect(new Set(endpoint.documents.map(({ id }) => id))).toEqual(new Set([1, 2]));
  });

  it('tries again after an error of the server, and tells only once', async () => {
    endpoint.answer(503, 500, 429);
    const poster = posterTo(endpoint.env);
    poster.post(document('a'));
    expect(await poster.close()).toEqual([]);
    expect(endpoint.metrics()).toEqual(['a']);
    expect(warnings).toEqual([expect.stringMatching(/503/)]);
  });

  it('puts the one aside that is rejected, and posts the others', async () => {
    // The three go together and are rejected, then each for itself, the second again.
    const poster = posterTo(endpoint.env);
    endpoint.answer(201, 400, 201, 400, 201);
    poster.post(document('first'));
    for (const metric of ['a', 'bad', 'b']) poster.post(document(metric));
    const left = await poster.close();
    expect(left).toEqual([document('bad')]);
    expect(endpoint.metrics()).toEqual(['first', 'a', 'b']);
    expect(warnings).toEqual([expect.stringMatching(/rejected: .* 400/)]);
  });

  it('gives back what could not be posted when the patience is over', async () => {
    const poster = posterTo({ ...endpoint.env, QLF_API_URL: 'http://127.0.0.1:9/api/' }, 20);
    poster.post(document('a'));
    poster.post(document('b'));
    expect(await poster.close()).toEqual([document('a'), document('b')]);
  });

  it.each([
    ['no JSON', 'text'],
    ['no resource', '{}'],
  ])('takes an address that answers %s for wrong', async (_what, text) => {
    const { createServer } = await import('node:http');
    const server = createServer((_request, response) => response.end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const poster = posterTo({ QLF_API_URL: `http://127.0.0.1:${port}/api/` });
    poster.post(document('a'));
    expect(await poster.close()).toEqual([document('a')]);
    expect(warnings[0]).toMatch(/rejected/);
    await new Promise((resolve) => server.close(resolve));
  });

  it('has no access without an address', () => {
    expect(accessFromEnvironment({ QLF_USER: 'x' })).toBeNull();
  });
});

describe('the spool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ql-spool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps documents, and is gone when none is left', () => {
    const file = spoolFile(join(folder, 'new'), 'r0', 101);
    writeSpool(file, [document('a'), document('b')]);
    expect(readSpool(file)).toEqual([document('a'), document('b')]);
    expect(spoolFilesIn(join(folder, 'new'))).toEqual([file]);
    writeSpool(file, []);
    expect(readSpool(file)).toEqual([]);
    expect(spoolFilesIn(join(folder, 'new'))).toEqual([]);
  });

  it('reads past a line that a crash has cut off', () => {
    const file = spoolFile(folder, 'r0', 101);
    writeSpool(file, [document('a')]);
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"id": 1, "exp`);
    expect(readSpool(file)).toEqual([document('a')]);
  });
});
