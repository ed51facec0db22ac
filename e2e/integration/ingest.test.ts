import fc from 'fast-check';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobReceipt } from '#shared/http/job-post.ts';
import type { ApiError } from '#shared/http/resources.ts';
import { buildIngest, type IngestOptions } from '../../src-main/ingest/build-ingest.ts';
import { basic, ingestFixture, PASSWORD, RUN_PASSWORD, USER, type IngestFixture } from './ingest-fixture.ts';

const API = '/dashboard/api/';
const JOB = `${API}job/`;
const VALUE = { METRICS: { FIDSNR_TGT: [0.6, 0.4, 0.7, 0.9], FIDSNR_TGT_STATUS: 'NORMAL' }, PARAMS: {} };
const POST = { id: 1, expid: 0, camera: 'r0', status: 0, measurements: [{ metric: 'SNR', value: VALUE }] };

let fixture: IngestFixture;
let app: FastifyInstance;

beforeEach(() => {
  fixture = ingestFixture();
  app = buildIngest(fixture.options);
});
afterEach(async () => {
  await app.close();
  fixture.close();
});

const rebuild = async (options: Partial<IngestOptions>): Promise<void> => {
  await app.close();
  app = buildIngest({ ...fixture.options, ...options });
};
const auth = basic(USER, PASSWORD);
const ask = (url: string, more: InjectOptions = {}) =>
  app.inject({ url, ...more, headers: { host: 'localhost:8000', authorization: auth, ...more.headers } });
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  ask(JOB, {
    method: 'POST',
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: { 'content-type': 'application/json', ...headers },
  });
const receipt = (response: { json(): unknown }) => response.json() as JobReceipt;
const errorOf = (response: { json(): unknown }) => (response.json() as ApiError).error;

describe('the founding document', () => {
  it('gets the map of resources without a credential, as absolute URLs', async () => {
    const response = await app.inject({ url: API, headers: { host: 'localhost:8123' } });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      job: 'http://localhost:8123/dashboard/api/job/',
      measurement: 'http://localhost:8123/dashboard/api/measurement/',
    });
    expect((await app.inject({ url: '/dashboard/api', headers: { host: 'localhost' } })).statusCode).toBe(200);
  });

  it('posts a job and gets 201; it is an external run, on screen, before the answer', async () => {
    const response = await post(POST);
    expect(response.statusCode).toBe(201);
    expect(receipt(response)).toEqual({
      id: 1,
      expid: 0,
      camera: 'r0',
      status: 0,
      run: 1,
      job: 1,
      state: 'done',
      measurements: [{ id: 1, metric: 'snr', revision: 1, status: 'normal', stored: true }],
    });
    expect(fixture.published.map((event) => event.type)).toEqual(['exposure', 'run-detail']);
    expect(fixture.published[1]).toMatchObject({
      detail: { run: { kind: 'external' }, jobs: [{ camera: 'r0' }], measurements: [{ metric: 'snr' }] },
    });
  });

  it('stores the same value once and a different one as a revision, and publishes only what is new', async () => {
    await post(POST);
    fixture.published.length = 0;
    const again = await post({ ...POST, id: 'another label' });
    expect([again.statusCode, receipt(again).measurements[0]?.stored]).toEqual([201, false]);
    const reordered = { PARAMS: {}, METRICS: { FIDSNR_TGT_STATUS: 'NORMAL', FIDSNR_TGT: [0.6, 0.4, 0.7, 0.9] } };
    expect(
      receipt(await post({ ...POST, measurements: [{ metric: 'snr', value: reordered }] })).measurements[0]?.stored,
    ).toBe(false);
    expect(fixture.published).toEqual([]);
    const other = await post({ ...POST, measurements: [{ metric: 'Calculate_SNR', value: 7 }] });
    expect(receipt(other).measurements[0]).toMatchObject({ metric: 'snr', revision: 2, stored: true });
    expect(fixture.published).toMatchObject([{ type: 'measurement', measurement: { revision: 2 } }]);
  });

  it('keeps unknown metrics, values as they were sent, and Python\u2019s NaN as null with a note', async () => {
    const text =
      '{"expid":0,"camera":"R0","status":2,"measurements":[{"metric":"Mine","value": {"big": 39627652591521181, "x":[NaN]}},{"metric":"b","value": [1.50]}]}';
    const sent = await post(text);
    expect(sent.statusCode).toBe(201);
    expect(receipt(sent).measurements.map((m) => [m.metric, m.status])).toEqual([
      ['Mine', 'unknown'],
      ['b', 'unknown'],
    ]);
    expect(receipt(sent)).toMatchObject({ id: null, camera: 'r0', state: 'running' });
    const [mine, b] = receipt(sent).measurements;
    expect((await ask(`${API}measurement/${mine!.id}`)).json()).toMatchObject({
      value: { x: [null] },
      nonFinite: { 'x.0': 'NaN' },
    });
    expect((await ask(`${API}measurement/${b!.id}`)).json()).toMatchObject({ value: [1.5], nonFinite: null });
  });

  it('takes a post without measurements, and one with many', async () => {
    expect((await post({ expid: 3, camera: 'b0', status: 2 })).statusCode).toBe(201);
    const measurements = Array.from({ length: 200 }, (_, i) => ({ metric: `m${i}`, value: i }));
    expect(receipt(await post({ ...POST, measurements })).measurements).toHaveLength(200);
    expect((await post({ ...POST, measurements: [...measurements, measurements[0]] })).statusCode).toBe(422);
  });
});

describe('credentials', () => {
  it('of a run give its job only', async () => {
    const run = fixture.startRun(101, ['r0']);
    const authorization = basic(`run-${run.id}`, RUN_PASSWORD);
    const good = await post({ ...POST, expid: 101 }, { authorization });
    expect(receipt(good)).toMatchObject({ run: run.id, state: 'running' });
    expect(fixture.published).toMatchObject([{ type: 'measurement', measurement: { runId: run.id, camera: 'r0' } }]);
    const wrong = [
      { ...POST, expid: 102 },
      { ...POST, expid: 101, camera: 'b0' },
    ];
    for (const body of wrong) expect((await post(body, { authorization })).statusCode).toBe(403);
    const forbidden = await ask(`${API}configuration/`, {
      method: 'PUT',
      headers: { authorization },
      payload: { yaml: 'a', author: 'b', reason: '' },
    });
    expect(forbidden.statusCode).toBe(403);
    fixture.db.endRun(run.id, 'done', '', 5);
    expect(
      (await post({ ...POST, expid: 101, measurements: [{ metric: 'late', value: 1 }] }, { authorization })).statusCode,
    ).toBe(201);
    fixture.db.setRunPassword(run.id, '00'.repeat(32));
    expect((await post({ ...POST, expid: 101 }, { authorization })).statusCode).toBe(401);
  });

  it('that are missing, wrong or malformed get 401 and a challenge, and one line in the log', async () => {
    const bad = [
      '',
      'Basic',
      'Basic !!!',
      'Bearer x',
      basic(USER, 'x'),
      basic('nobody', PASSWORD),
      basic('', ''),
      basic('run-1', ''),
      basic('run-99', RUN_PASSWORD),
      `Basic ${Buffer.from('nocolon').toString('base64')}`,
    ];
    for (const authorization of bad) {
      const response = await post(POST, { authorization });
      expect([response.statusCode, errorOf(response).code], authorization).toEqual([401, 'unauthorized']);
      expect(response.headers['www-authenticate']).toMatch(/^Basic realm="QLF"/);
    }
    expect(fixture.logged).toHaveLength(1);
    fixture.db.saveUser('stored', 'not a hash');
    expect((await post(POST, { authorization: basic('stored', 'not a hash') })).statusCode).toBe(401);
  });

  it('are needed for reading, but not for the map, the description and health', async () => {
    const resources = (await ask(API)).json<Record<string, string>>();
    for (const [name, url] of Object.entries(resources)) {
      const { pathname } = new URL(url);
      const without = await ask(pathname, { headers: { authorization: '' } });
      const open = name === 'openapi' || name === 'live';
      expect([name, without.statusCode]).toEqual([name, open ? 200 : 401]);
      const query = name === 'measurement' ? '?expid=0' : '';
      expect((await ask(pathname + query)).statusCode).toBe(200);
    }
  });

  it('that fail too often are slowed down; good ones from the same place are not', async () => {
    await rebuild({ limits: { failures: { perSecond: 0.01, burst: 3 } } });
    const codes: number[] = [];
    for (let i = 0; i < 5; i += 1) codes.push((await post(POST, { authorization: basic(USER, `${i}`) })).statusCode);
    expect(codes).toEqual([401, 401, 401, 429, 429]);
    expect((await post(POST)).statusCode).toBe(201);
  });

  it('may come only so often', async () => {
    await rebuild({ limits: { users: { perSecond: 0.01, burst: 2 }, open: { perSecond: 0.01, burst: 1 } } });
    const responses = [await post(POST), await post(POST), await post(POST)];
    expect(responses.map((r) => r.statusCode)).toEqual([201, 201, 429]);
    expect(responses[2]?.headers['retry-after']).toBe('100');
    expect([(await ask(API)).statusCode, (await ask(API)).statusCode]).toEqual([200, 429]);
    const run = fixture.startRun(101, ['r0']);
    const authorization = basic(`run-${run.id}`, RUN_PASSWORD);
    expect((await post({ ...POST, expid: 101 }, { authorization })).statusCode).toBe(201);
  });
});

describe('errors', () => {
  it('are JSON that says what is wrong and where', async () => {
    const cases: [unknown, number, string, RegExp][] = [
      ['{"expid": 1,', 400, 'bad-request', /no JSON/],
      ['', 400, 'bad-request', /./],
      [[], 422, 'invalid', /the body/],
      [{ ...POST, expid: '1' }, 422, 'invalid', /\/expid must be integer/],
      [{ ...POST, expid: -1 }, 422, 'invalid', /\/expid/],
      [{ ...POST, expid: 1.5 }, 422, 'invalid', /\/expid/],
      [{ ...POST, camera: 'q7' }, 422, 'invalid', /\/camera/],
      [{ ...POST, status: 3 }, 422, 'invalid', /\/status/],
      [{ ...POST, status: undefined }, 422, 'invalid', /status/],
      [{ ...POST, id: {} }, 422, 'invalid', /\/id/],
      [{ ...POST, measurements: {} }, 422, 'invalid', /\/measurements/],
      [{ ...POST, measurements: [{ metric: 'a' }] }, 422, 'invalid', /\/measurements\/0.*value/],
      [{ ...POST, measurements: [{ metric: ' ', value: 1 }] }, 422, 'invalid', /\/measurements\/0\/metric/],
      [{ ...POST, measurements: [{ metric: 'a\n', value: 1 }] }, 422, 'invalid', /\/measurements\/0\/metric/],
      [
        `{"expid":0,"camera":"r0","status":0,"measurements":[{"metric":"a","value":${'['.repeat(40)}${']'.repeat(40)}}]}`,
        422,
        'invalid',
        /nested deeper/,
      ],
      ['{"expid":NaN,"camera":"r0","status":0}', 422, 'invalid', /\/expid/],
    ];
    for (const [body, status, code, message] of cases) {
      const response = await post(body);
      expect([response.statusCode, errorOf(response).code], JSON.stringify(body)).toEqual([status, code]);
      expect(errorOf(response).message).toMatch(message);
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    expect(fixture.db.listExposures({ limit: 1, offset: 0 }).total).toBe(0);
    expect(fixture.published).toEqual([]);
  });

  it('tell of other content types, sizes, places and methods', async () => {
    const status = async (response: Promise<{ statusCode: number; json(): unknown }>) => {
      const answer = await response;
      return [answer.statusCode, errorOf(answer).code];
    };
    expect(await status(post('a=1', { 'content-type': 'application/x-www-form-urlencoded' }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
    expect(await status(post('{}', { 'content-type': 'text/plain' }))).toEqual([415, 'unsupported-media-type']);
    expect(await status(post(POST, { 'content-encoding': 'gzip' }))).toEqual([415, 'unsupported-media-type']);
    expect((await post(POST, { 'content-type': 'application/json; charset=utf-8' })).statusCode).toBe(201);
    expect(await status(post({ ...POST, filling: 'x'.repeat(2 * 1024 * 1024) }))).toEqual([413, 'too-large']);
    expect((await post({ ...POST, filling: 'x'.repeat(2 * 1024 * 1024 - 2000) })).statusCode).toBe(201);
    expect(await status(ask(`${API}nothing/`))).toEqual([404, 'not-found']);
    expect(await status(ask(JOB, { method: 'DELETE' }))).toEqual([404, 'not-found']);
    expect(await status(ask(`${API}run/7`))).toEqual([404, 'not-found']);
    expect(await status(ask(`${API}run/x`))).toEqual([422, 'invalid']);
    expect(await status(ask(`${API}job/?limit=0`))).toEqual([422, 'invalid']);
    expect(await status(ask(`${API}measurement/`))).toEqual([422, 'invalid']);
    expect(await status(ask(`${API}job/?nonsense=1`))).toEqual([422, 'invalid']);
  });

  it('keep pages of browsers and other host names out', async () => {
    const refused: Record<string, string>[] = [
      { host: 'evil.example:8000' },
      { host: 'localhost.evil.example' },
      { origin: 'http://localhost:3000' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      expect((await ask(API, { headers })).statusCode, JSON.stringify(headers)).toBe(403);
      expect((await post(POST, headers)).statusCode).toBe(403);
    }
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:8000', '[::1]:8000']) {
      expect((await ask(API, { headers: { host } })).statusCode).toBe(200);
    }
    await rebuild({ hostNames: ['qlf.observatory.example'] });
    expect((await ask(API, { headers: { host: 'QLF.observatory.example:8000' } })).statusCode).toBe(200);
  });

  it('come with headers that leave a browser nothing to do', async () => {
    for (const response of [await ask(API), await ask(`${API}nothing`), await post('')]) {
      expect(response.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    }
  });

  it('of the database are told as such, say that nothing was stored, and leave the others of the batch alone', async () => {
    let calls = 0;
    const store = {
      ...fixture.options.store,
      recordPosts: (posts: Parameters<typeof fixture.db.recordPosts>[0]) => {
        calls += 1;
        if (posts.some(({ expid }) => expid === 13)) {
          throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
        }
        return fixture.db.recordPosts(posts);
      },
    };
    await rebuild({ store });
    const responses = await Promise.all([1, 13, 3].map((expid) => post({ ...POST, expid })));
    expect(responses.map((r) => r.statusCode)).toEqual([201, 503, 201]);
    expect(calls).toBe(4);
    expect(errorOf(responses[1]!).message).toMatch(/nothing was stored.*SQLITE_FULL.*post again/);
    expect(responses[1]!.headers['retry-after']).toBe('1');
    expect(fixture.db.exposure(13)).toBeUndefined();
    expect(fixture.logged.filter((line) => line.includes('disk is full'))).toHaveLength(1);
  });
});

describe('batches', () => {
  it('put what arrives together into one transaction, and answer each with its own', async () => {
    const sizes: number[] = [];
    let contacts = 0;
    const store = {
      ...fixture.options.store,
      recordPosts: (posts: Parameters<typeof fixture.db.recordPosts>[0]) => {
        sizes.push(posts.length);
        return fixture.db.recordPosts(posts);
      },
    };
    await rebuild({ store, contact: () => (contacts += 1) });
    await post(POST);
    const responses = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        post({ ...POST, id: i, camera: `b${i % 10}`, measurements: [{ metric: `m${i}`, value: i }] }),
      ),
    );
    expect(responses.map((r) => [receipt(r).id, receipt(r).camera, receipt(r).measurements[0]?.metric])).toEqual(
      responses.map((_, i) => [i, `b${i % 10}`, `m${i}`]),
    );
    expect(sizes.reduce((a, b) => a + b)).toBe(31);
    expect(sizes.length).toBeLessThan(20);
    expect(contacts).toBe(sizes.length);
    // A flood is written in pieces, so that the engine has its turn in between.
    sizes.length = 0;
    const flood = await Promise.all(
      Array.from({ length: 450 }, (_, i) => post({ ...POST, expid: 9, measurements: [{ metric: 'm', value: i }] })),
    );
    expect(flood.every((r) => r.statusCode === 201)).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(sizes.reduce((a, b) => a + b)).toBe(450);
    const revisions = flood.map((r) => receipt(r).measurements[0]?.revision ?? 0).sort((a, b) => a - b);
    expect(revisions).toEqual(flood.map((_, i) => i + 1));
  });

  it('bring a new external run on screen once, whole, and not over a run of QLF\u2019s own', async () => {
    await Promise.all(['r0', 'b0', 'z0'].map((camera) => post({ ...POST, camera, status: 2 })));
    const details = fixture.published.filter((event) => event.type === 'run-detail');
    expect(details).toHaveLength(1);
    const shown = new Set(
      fixture.published.flatMap((event) => {
        if (event.type === 'run-detail') return event.detail?.jobs.map(({ camera }) => camera) ?? [];
        return event.type === 'job' ? [event.job.camera] : [];
      }),
    );
    expect(shown.size).toBe(3);
    fixture.startRun(101, ['r0']);
    fixture.published.length = 0;
    await post({ ...POST, expid: 7 });
    expect(fixture.published.map((event) => event.type)).toEqual(['exposure', 'run', 'job', 'measurement']);
  });
});

describe('reading back', () => {
  it('gives exposures, runs, jobs, measurements with filters, and metrics', async () => {
    const run = fixture.startRun(101, ['r0', 'b0']);
    const authorization = basic(`run-${run.id}`, RUN_PASSWORD);
    for (const value of [1, 2])
      await post(
        {
          ...POST,
          expid: 101,
          measurements: [
            { metric: 'SNR', value },
            { metric: 'getbias', value },
          ],
        },
        { authorization },
      );
    await post({ ...POST, expid: 5 });
    const get = async (path: string) =>
      (await ask(API + path)).json<{ total: number; results: Record<string, unknown>[] }>();
    expect(await get('exposure/?limit=1')).toMatchObject({ total: 2, results: [{ expid: 101, flavor: 'science' }] });
    expect(await get('exposure/101')).toMatchObject({ expid: 101, lastRunId: run.id });
    expect(await get('run/?expid=5')).toMatchObject({ total: 1, results: [{ kind: 'external' }] });
    expect(await get(`run/${run.id}`)).toMatchObject({ run: { id: run.id }, jobs: [{}, {}], measurements: [{}, {}] });
    expect(await get('job/?camera=b0')).toMatchObject({ total: 1, results: [{ runId: run.id }] });
    expect(await get('job/1')).toMatchObject({ id: 1 });
    expect(await get('measurement/?expid=101')).toMatchObject({ total: 2 });
    expect((await get('measurement/?expid=101&revisions=true')).total).toBe(4);
    expect(await get('measurement/?run=1&metric=Bias_From_Overscan&camera=r0')).toMatchObject({
      total: 1,
      results: [{ metric: 'getbias', revision: 2 }],
    });
    expect((await get('metric/')).results.find(({ name }) => name === 'xyshifts')).toMatchObject({
      category: 'fibers',
      aliases: expect.arrayContaining(['trace']) as unknown,
    });
  });

  it('reads and saves the QL configuration, checked', async () => {
    const path = `${API}configuration/`;
    const put = (payload: object) => ask(path, { method: 'PUT', payload });
    const saved = await put({ yaml: 'science: {new: 1}', author: 'Ana', reason: 'wider limits' });
    expect([saved.statusCode, saved.json()]).toEqual([
      200,
      { id: 2, yaml: 'science: {new: 1}', author: 'Ana', reason: 'wider limits', createdAt: 1_700_000_000_000 },
    ]);
    expect((await ask(path)).json()).toEqual(saved.json());
    const invalid = await put({ yaml: 'bad: 1', author: 'Ana', reason: '' });
    expect([invalid.statusCode, errorOf(invalid)]).toEqual([
      422,
      { code: 'invalid', message: 'line 1: bad is no key' },
    ]);
    expect((await put({ yaml: 'a: 1' })).statusCode).toBe(422);
    expect(fixture.db.currentConfiguration().id).toBe(2);
  });

  it('describes itself by OpenAPI with the schemas', async () => {
    const description = (await ask(`${API}openapi.json`)).json<{
      openapi: string;
      paths: Record<string, Record<string, { security?: unknown; requestBody?: unknown; responses: object }>>;
    }>();
    expect(description.openapi).toMatch(/^3\.1/);
    const job = description.paths[JOB]?.['post'];
    expect(job?.security).toEqual([{ basic: [] }]);
    expect(JSON.stringify(job?.requestBody)).toContain('"maximum":99999999');
    expect(Object.keys(job?.responses ?? {})).toContain('201');
    expect(Object.keys(description.paths).sort()).toEqual([
      ...[
        '',
        'configuration/',
        'exposure/',
        'exposure/{id}',
        'job/',
        'job/{id}',
        'measurement/',
        'measurement/{id}',
        'metric/',
        'run/',
        'run/{id}',
      ].map((p) => API + p),
      '/healthz',
    ]);
  });
});

describe('whatever is posted', () => {
  const label = fc.option(fc.oneof(fc.integer(), fc.string({ maxLength: 200 })));
  const metric = fc.oneof(
    fc.constantFrom('SNR', 'getbias', '__proto__', 'constructor', 'x'),
    fc.string({ minLength: 1, maxLength: 100 }).filter((s) => s.trim() !== '' && !/\p{Cc}/u.test(s)),
  );
  const good = fc.record({
    id: label,
    expid: fc.integer({ min: 0, max: 99_999_999 }),
    camera: fc.stringMatching(/^[brzBRZ][0-9]$/),
    status: fc.integer({ min: 0, max: 2 }),
    measurements: fc.array(fc.record({ metric, value: fc.jsonValue() }), { maxLength: 4 }),
  });

  it('is stored and read back the same where it fits the schema', async () => {
    await fc.assert(
      fc.asyncProperty(good, async (body) => {
        const response = await post(body);
        expect(response.statusCode, response.body).toBe(201);
        const { measurements } = receipt(response);
        for (const [i, { value }] of body.measurements.entries()) {
          const kept = fixture.db.measurement(measurements[i]!.id);
          expect(JSON.stringify(kept?.value)).toBe(JSON.stringify(JSON.parse(JSON.stringify(value))));
        }
        expect(receipt(await post(body)).measurements.every((m) => !m.stored)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused with a reason where it does not, and nothing is stored', async () => {
    const spoiled = fc
      .tuple(good, fc.constantFrom('expid', 'camera', 'status', 'measurements'), fc.jsonValue())
      .filter(
        ([body, key, junk]) =>
          !(key === 'measurements' && Array.isArray(junk) && junk.length === 0) &&
          !(key in body && typeof junk === 'number' && key !== 'measurements'),
      )
      .map(([body, key, junk]) => ({ ...body, [key]: junk }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(spoiled, fc.jsonValue(), fc.string()), async (body) => {
        const before = fixture.db.listExposures({ limit: 1, offset: 0 }).total;
        const response = await post(body);
        expect([400, 422], JSON.stringify(body)).toContain(response.statusCode);
        expect(errorOf(response).message).not.toBe('');
        expect(fixture.db.listExposures({ limit: 1, offset: 0 }).total).toBe(before);
      }),
      { numRuns: 200 },
    );
  });
});
