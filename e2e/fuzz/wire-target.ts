import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { API_ERROR_CODES, type ApiError } from '#shared/http/resources.ts';
import { buildIngest } from '../../src-main/ingest/build-ingest.ts';
import { basic, ingestFixture, PASSWORD, USER } from '../integration/ingest-fixture.ts';
import { mutateJson, mutateText, NUMBERS } from './mutate.ts';
import type { Random } from './random.ts';
import { textOf, utf8, type FuzzTarget } from './target.ts';

const SAMPLE = new URL('../data/desispec-reference/official/ql-mergedQA-b0-00000101.json.gz', import.meta.url);
const HEADERS = [
  'authorization',
  'content-type',
  'content-encoding',
  'host',
  'origin',
  'accept',
  'content-length',
  'x',
];
const METHODS = ['POST', 'POST', 'POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;
const PATHS = [
  ...[
    '/dashboard/api/job/',
    '/dashboard/api/job',
    '/dashboard/api/measurement/?expid=1',
    '/dashboard/api/measurement/1',
  ],
  ...['/dashboard/api/exposure/-1', '/dashboard/api/run/?limit=1e9', '/dashboard/api/configuration/', '/', '/healthz'],
  ...[
    '/dashboard/api/%ff/',
    '/dashboard/api/job/../../etc/passwd',
    '/dashboard/api/metric/?a=1&a=2',
    '//',
    '/dashboard/api/job/%00',
  ],
];

/** A request, as text: method, path and headers in a line of JSON, then the body. */
interface Request {
  method: (typeof METHODS)[number];
  url: string;
  headers: Record<string, string>;
}

/** Posts of the founding document's kind, with a value of a real job. */
function goodPosts(): object[] {
  const merged = JSON.parse(gunzipSync(readFileSync(SAMPLE)).toString('utf8')) as { TASKS: Record<string, object> };
  const values = Object.entries(merged.TASKS).map(([metric, value]) => ({ metric, value }));
  return [
    {
      id: 1,
      expid: 7,
      camera: 'r0',
      status: 0,
      measurements: [{ metric: 'SNR', value: { METRICS: { A: [1, 2] }, PARAMS: {} } }],
    },
    { expid: 7, camera: 'B3', status: 2 },
    ...values.map((one) => ({ id: 'x', expid: 8, camera: 'z9', status: 2, measurements: [one] })),
  ];
}

const WORDS = [
  ...NUMBERS,
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\u0000',
    '\\ud800',
    '\\',
    '[[[[[[[[',
    '{"a":',
    'true',
    'null',
    '"measurements":',
    '"value":',
  ],
  ...['"__proto__":', '"metric":"a"', '"expid":', '"camera":"b0"', '"status":3', 'NaN', '-Infinity'],
];

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = {
    host: 'localhost:8000',
    authorization: basic(USER, PASSWORD),
    'content-type': 'application/json',
  };
  if (random.chance(0.85)) return headers;
  const odd = [
    '',
    'Basic',
    'Basic ====',
    basic('', ''),
    basic('run-1', 'x'),
    'Bearer x',
    'text/plain',
    'application/json; charset=utf-16',
    'gzip',
    'evil.example',
    'x'.repeat(3000),
    '99999999999',
    '-1',
    'application/json;',
    '%00',
  ];
  headers[random.pick(HEADERS)] = random.pick(odd);
  return headers;
}

/** The whole endpoint over a real database: whatever comes is answered, by an error with a code unless it is right. */
export function wireTarget(): FuzzTarget {
  const fixture = ingestFixture();
  const free = { perSecond: 1e9, burst: 1e9 };
  const app = buildIngest({
    ...fixture.options,
    readerProgram: new URL('../../src-main/ingest-worker.ts', import.meta.url),
    limits: { users: free, open: free, failures: free },
  });
  const posts = goodPosts();
  const texts = posts.map((post) => JSON.stringify(post));
  return {
    name: 'wire',
    together: 40,
    input: (random) => {
      const right = random.chance(0.9);
      const request: Request = {
        method: right ? 'POST' : random.pick(METHODS),
        url: right ? '/dashboard/api/job/' : random.pick(PATHS),
        headers: headersOf(random),
      };
      const body = random.chance(0.5)
        ? mutateText(random, random.pick(texts), WORDS, random.pick(texts), 100_000)
        : JSON.stringify(mutateJson(random, random.pick(posts)));
      return utf8(`${JSON.stringify(request)}\n${body}`);
    },
    run: async (input) => {
      const text = textOf(input);
      const end = text.indexOf('\n');
      const request = JSON.parse(text.slice(0, end)) as Request;
      const response = await app.inject({ ...request, payload: text.slice(end + 1) });
      const { statusCode } = response;
      if (request.method === 'HEAD') return 'head';
      if (statusCode < 300) return 'read';
      if (statusCode >= 500) throw new Error(`${statusCode}: ${response.body}; ${fixture.logged.at(-1) ?? ''}`);
      const { code, message } = response.json<ApiError>().error;
      if (!API_ERROR_CODES.includes(code) || message === '')
        throw new Error(`an answer without a code: ${response.body}`);
      return code;
    },
    close: async () => {
      await app.close();
      const { total } = fixture.db.listMeasurements({}, { limit: 1, offset: 0 });
      fixture.close();
      if (total === 0) throw new Error('not one post was right: nothing behind the schema was tried');
    },
  };
}
