import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/db/open-database.ts';
import { startIngest, type RunningIngest } from '../../src-main/ingest/start-ingest.ts';
import { basic, ingestFixture, PASSWORD, USER, type IngestFixture } from './ingest-fixture.ts';

const run = promisify(execFile);
/** Debian's own Python, where python3-requests is. */
const PYTHON = '/usr/bin/python3';

let fixture: IngestFixture;
let ingests: RunningIngest[];
let others: Server[];
let folder: string;

beforeEach(() => {
  fixture = ingestFixture();
  ingests = [];
  others = [];
  folder = mkdtempSync(join(tmpdir(), 'qlf-listening-'));
});
afterEach(async () => {
  for (const ingest of ingests) await ingest.close();
  for (const other of others) other.close();
  fixture.close();
  rmSync(folder, { recursive: true });
});

const start = async (options: Partial<Parameters<typeof startIngest>[0]> = {}): Promise<RunningIngest> => {
  const ingest = await startIngest({ ...fixture.options, port: 0, ...options });
  ingests.push(ingest);
  return ingest;
};

/** Sends bytes as they are and answers what comes back until the other side has nothing more to say. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('the endpoint on a socket', () => {
  it('closes though a client keeps a connection open with half a request in it', async () => {
    const ingest = await startIngest({ ...fixture.options, port: 0 });
    const socket = connect(ingest.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write('POST /dashboard/api/job/ HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    // The server must have read it: another connection's answer comes after.
    await raw(ingest.port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${ingest.port}\r\nConnection: close\r\n\r\n`);
    const ended = once(socket, 'close');
    await ingest.close();
    await ended;
  });

  it('serves the example of the founding document, line by line, to Python\u2019s requests', async () => {
    const { port } = await start({ users: [{ user: 'test', password: 'secret' }] });
    const example = `
import sys
TEST_USER, TEST_PASSWD = sys.argv[1:3]
import requests
response = requests.get('http://localhost:${port}/dashboard/api/')
print(response.status_code)
api = response.json()
job = {
    "id": 1,
    "expid": 0,
    "camera": "r0",
    "status": 0,
    "measurements": [
        {
            "metric": "SNR",
            "value": {"METRICS": {"MEDIAN_SNR": [1.5, 2.5], "FIDSNR_TGT_STATUS": "WARNING"}, "PARAMS": {"FIDMAG": 22.0}}
        }
    ]
}
response = requests.post(api['job'], json=job, auth=(TEST_USER, TEST_PASSWD))
print(response.status_code)
import json
job["measurements"][0]["value"]["METRICS"]["MEDIAN_SNR"] = [float("nan"), float("-inf")]
headers = {"Content-Type": "application/json"}
print(requests.post(api['job'], data=json.dumps(job), headers=headers, auth=(TEST_USER, TEST_PASSWD)).status_code)
with requests.Session() as session:
    session.auth = (TEST_USER, "wrong")
    print(session.post(api['job'], json=job["id"]).status_code)
`;
    const { stdout } = await run(PYTHON, ['-c', example, 'test', 'secret']);
    expect(stdout.trim().split('\n')).toEqual(['200', '201', '201', '401']);
    expect(fixture.db.measurement(1)).toMatchObject({ metric: 'snr', status: 'warning', revision: 1 });
    expect(fixture.db.measurement(2)?.nonFinite).toEqual({
      'METRICS.MEDIAN_SNR.0': 'NaN',
      'METRICS.MEDIAN_SNR.1': '-Infinity',
    });
  });

  it('takes the next free port where the wished one is taken, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    others.push(other);
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const ingest = await start({ port });
    expect(ingest.port).toBeGreaterThan(port);
    expect(ingest.url).toBe(`http://127.0.0.1:${ingest.port}`);
    expect(ingest.apiUrl).toBe(`http://127.0.0.1:${ingest.port}/dashboard/api/`);
    expect(ingest.warning).toContain(`port ${port} is taken`);
    expect(fixture.logged).toEqual([`warning: ${ingest.warning}`]);
    expect((await fetch(ingest.apiUrl)).status).toBe(200);
    const free = await start();
    expect(free.warning).toBeNull();
  });

  it('listens where others can reach it with TLS only', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow(/needs a certificate and a key/);
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    await run('openssl', [...made, ...subject, '-keyout', key, '-out', cert]);
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    const ingest = await start({ host: '0.0.0.0', tls });
    expect(ingest.url).toBe(`https://localhost:${ingest.port}`);
    const body = await new Promise<string>((resolve, reject) => {
      const options = { host: 'localhost', port: ingest.port, path: '/dashboard/api/', ca: tls.cert, family: 4 };
      httpsRequest(options, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(body)).toMatchObject({ job: `https://localhost:${ingest.port}/dashboard/api/job/` });
  });

  it('refuses what is hardly HTTP, and lives on', async () => {
    const { port, apiUrl } = await start();
    expect(await raw(port, 'GET /dashboard/api/ HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw(port, 'GET /dashboard/api/ HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, '\x16\x03\x01 nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const head = `POST /dashboard/api/job/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic(USER, PASSWORD)}\r\nContent-Type: application/json\r\n`;
    expect(await raw(port, `${head}Content-Length: 9999999\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 413 /);
    // A sender that dies in the middle of its body leaves nothing behind.
    await raw(port, `${head}Content-Length: 300\r\n\r\n{"expid": 1, "camera": "r0", "status": 0`);
    expect((await fetch(apiUrl)).status).toBe(200);
    expect(fixture.db.listExposures({ limit: 1, offset: 0 }).total).toBe(0);
  });

  it('has on the disk whatever it answered 201 for, though it is killed in the middle of the flood', async () => {
    const file = join(folder, 'killed.db');
    const module = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const program = `
      import { openDatabase } from ${module('../../src-main/db/open-database.ts')};
      import { startIngest } from ${module('../../src-main/ingest/start-ingest.ts')};
      const store = openDatabase({ file: process.argv[1], origin: 'real', defaultConfiguration: '' });
      const events = { publish() {}, log() {} };
      const users = [{ user: 'u', password: 'p' }];
      const ingest = await startIngest({ store, events, users, configurator: { check() {} }, version: '', port: 0 });
      process.stdout.write(ingest.apiUrl + '\\n');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = `${line.toString().trim()}job/`;
    const acknowledged: { id: number; value: string }[] = [];
    const sender = async (camera: string): Promise<void> => {
      for (let n = 0; ; n += 1) {
        const value = `${camera} ${n} ${'x'.repeat(4000)}`;
        const response = await fetch(url, {
          method: 'POST',
          headers: { authorization: basic('u', 'p'), 'content-type': 'application/json' },
          body: JSON.stringify({ expid: 1, camera, status: 2, measurements: [{ metric: 'm', value }] }),
        });
        const { measurements } = (await response.json()) as { measurements: { id: number }[] };
        acknowledged.push({ id: measurements[0]?.id ?? 0, value });
        if (acknowledged.length === 300) child.kill('SIGKILL');
      }
    };
    const cameras = Array.from({ length: 10 }, (_, i) => `z${i}`);
    await Promise.allSettled(cameras.map(sender));
    await ended;
    expect(child.signalCode).toBe('SIGKILL');
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    const db = openDatabase({ file, origin: 'real', defaultConfiguration: '' });
    try {
      for (const { id, value } of acknowledged) expect(db.measurement(id)?.value).toBe(value);
    } finally {
      db.close();
    }
  });

  it('answers 30 cameras posting at once, each when its own results are stored', async () => {
    const ingest = await start();
    const cameras = ['b', 'r', 'z'].flatMap((arm) => Array.from({ length: 10 }, (_, i) => `${arm}${i}`));
    const metrics = ['countpix', 'getbias', 'getrms', 'xwsigma', 'countbins', 'snr'];
    const posts = cameras.map(async (camera) => {
      for (const metric of metrics) {
        const response = await fetch(`${ingest.apiUrl}job/`, {
          method: 'POST',
          headers: { authorization: basic(USER, PASSWORD), 'content-type': 'application/json' },
          body: JSON.stringify({ expid: 5, camera, status: 2, measurements: [{ metric, value: { camera, metric } }] }),
        });
        const { measurements } = (await response.json()) as { measurements: { id: number }[] };
        const [{ id } = { id: 0 }] = measurements;
        expect([response.status, fixture.db.measurement(id)?.value]).toEqual([201, { camera, metric }]);
      }
    });
    await Promise.all(posts);
    const detail = fixture.db.runDetail(1);
    expect(detail?.jobs).toHaveLength(30);
    expect(detail?.measurements).toHaveLength(180);
    expect(new Set(detail?.measurements.map(({ camera, metric }) => `${camera} ${metric}`)).size).toBe(180);
    const shown = fixture.published.flatMap((event) => {
      if (event.type === 'run-detail') return event.detail?.measurements ?? [];
      return event.type === 'measurement' ? [event.measurement] : [];
    });
    expect(shown).toHaveLength(180);
  });
});
