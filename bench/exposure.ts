/**
 * A whole exposure: 30 full-size cameras (reference exposure 110 thirty times) through two warm workers of the built program,
 * each result posted to an endpoint on the loopback. Wall and CPU time until the last job has ended and the last post has
 * been taken, for both chains.
 *
 *   npm run build:programs && node bench/exposure.ts
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

const ROOT = path.join(import.meta.dirname, '..');
const PROGRAM = path.join(ROOT, 'out/main/ql-pipeline.cjs');
const REFERENCE = path.join(ROOT, 'e2e/data/desispec-reference');
const RAW = path.join(REFERENCE, 'raw/20191115/00000110');
const CAMERAS = 30;
const WORKERS = 2;
const CHAINS = { ql: 'qlconfig_science_full.yaml', qp: 'qlconfig_science_qp_full.yaml' } as const;

function writeConfiguration(chain: keyof typeof CHAINS, directory: string, job: number): string {
  const configuration = parse(readFileSync(path.join(REFERENCE, 'configs', CHAINS[chain]), 'utf8')) as object;
  const Run = {
    RunId: job,
    Expid: 110,
    Night: '20191115',
    Camera: 'r0',
    Flavor: 'science',
    Program: 'dark',
    RawFile: path.join(RAW, 'desi-00000110.fits.fz'),
    FiberMap: path.join(RAW, 'fibermap-00000110.fits'),
    CalibRoot: path.join(REFERENCE, 'calib'),
    PSFFile: null,
    FiberFlatFile: null,
    FluxCalibFile: null,
    OutputDir: path.join(directory, String(job)),
    Compatibility: 'none',
  };
  const file = path.join(directory, `${chain}-${job}.yaml`);
  writeFileSync(file, stringify({ ...configuration, WritePreprocfile: false, Run }, { aliasDuplicateObjects: false }));
  return file;
}

/** Ticks of user and system time of a process, as seconds of the usual 100 ticks. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function startEndpoint(): Promise<{ url: string; posts: () => number; close: () => void }> {
  let posts = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.method === 'POST') posts++;
      response.writeHead(request.method === 'POST' ? 201 : 200).end(JSON.stringify({ job: `${url}job/` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dashboard/api/`;
  return { url, posts: () => posts, close: () => server.close() };
}

/** One job in a worker; the exit code that it would have had. */
function runOn(worker: ChildProcess, config: string, env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('exit', () => reject(new Error('a worker has died')));
    worker.once('message', (message) => {
      worker.removeAllListeners('exit');
      resolve((message as { code: number }).code);
    });
    worker.send({ type: 'job', config, env, mark: '' });
  });
}

async function measure(chain: keyof typeof CHAINS): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'qlf-bench-exposure-'));
  const endpoint = await startEndpoint();
  const env = { QLF_API_URL: endpoint.url, QLF_USER: 'bench', QLF_PASSWD: 'bench' };
  const waiting = Array.from({ length: CAMERAS }, (_, job) => writeConfiguration(chain, directory, job));
  const workers = Array.from({ length: WORKERS }, () => fork(PROGRAM, ['--worker'], { silent: true }));
  for (const worker of workers) worker.stdout?.resume();
  const started = performance.now();
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let config = waiting.shift(); config !== undefined; config = waiting.shift()) {
          const code = await runOn(worker, config, env);
          if (code !== 0) throw new Error(`a job ended with ${code}`);
        }
      }),
    );
    const wall = (performance.now() - started) / 1000;
    const cpu = workers.reduce((sum, { pid }) => sum + cpuSeconds(pid ?? 0), 0);
    console.log(
      `chain ${chain}: ${CAMERAS} full-size cameras, ${WORKERS} warm workers: ${wall.toFixed(1)} s wall (target 16), ` +
        `${cpu.toFixed(1)} s CPU, ${(cpu / CAMERAS).toFixed(2)} s a camera, ${endpoint.posts()} posts, ` +
        `load ${os.loadavg()[0]?.toFixed(1) ?? '?'} on ${os.availableParallelism()} cores`,
    );
  } finally {
    for (const worker of workers) worker.disconnect();
    endpoint.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

for (const chain of ['ql', 'qp'] as const) await measure(chain);
