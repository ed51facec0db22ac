import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobEnd, JobPool, JobSpec } from '../domain/ports/job-pool.ts';
import type { ProgramLauncher } from '../domain/ports/program-launcher.ts';
import { endOrphans, engineMark } from './end-orphans.ts';
import type { JobExecutor } from './executor.ts';
import { createJobPool } from './job-pool.ts';
import { createNodeLauncher } from './node-launcher.ts';
import { startTimeOf } from './process-table.ts';
import { createWarmExecutor } from './warm-executor.ts';

/**
 * A pipeline in small: a job's configuration is a line of JavaScript, given `env` and `say`, whose value is the exit
 * code. It speaks the protocol of workers as src-shared/domain/worker-protocol.ts has it.
 */
const PROGRAM = `
const { readFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
process.on('disconnect', () => process.exit(9));
async function work(config, env) {
  const say = (text) => process.stdout.write(text + '\\n');
  const AsyncFunction = (async () => undefined).constructor;
  return new AsyncFunction('env', 'say', 'spawn', readFileSync(config, 'utf8'))(env, say, spawn);
}
process.on('message', async (message) => {
  const code = await work(message.config, message.env);
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write(message.mark, done));
  process.send({ type: 'end', code });
});
`;

let folder = '';
let launcher: ProgramLauncher;
let pool: JobPool | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-programs-'));
  await writeFile(join(folder, 'ql-pipeline.cjs'), PROGRAM);
  launcher = createNodeLauncher({ programsDir: folder });
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
  await rm(folder, { recursive: true });
});

function open(executor: JobExecutor, parallel = 1): JobPool {
  pool = createJobPool({
    executor,
    parallel,
    limits: () => ({ timeoutSeconds: 60, heartbeatSeconds: null }),
    instance: folder,
    graceSeconds: 0.5,
  });
  return pool;
}

interface Ran {
  pid: Promise<number>;
  end: Promise<JobEnd>;
  log: () => Promise<string>;
}

async function run(inPool: JobPool, jobId: number, script: string, env: Record<string, string> = {}): Promise<Ran> {
  const configFile = join(folder, `${String(jobId)}.js`);
  const logFile = join(folder, `${String(jobId)}.log`);
  await writeFile(configFile, script);
  const spec: JobSpec = {
    ...{ jobId, runId: 1, expid: 101, night: '20191115', camera: 'z3', attempt: 1, outputDir: folder },
    ...{ configFile, logFile, env, launch: { kind: 'built-in' } },
    paths: { exposure: '', rawTree: '', fibermap: '', calib: '', products: '' },
  };
  let started: (pid: number) => void = () => undefined;
  const pid = new Promise<number>((done) => (started = done));
  const end = new Promise<JobEnd>((done) => {
    inPool.submit(spec, {
      started: (_spec, process) => started(process.pid),
      line: () => undefined,
      ended: (_spec, how) => done(how),
    });
  });
  return { pid, end, log: () => readFile(logFile, 'utf8') };
}

const ok = { kind: 'exit', code: 0 };

async function gone(pid: number): Promise<void> {
  while (startTimeOf(pid) !== null) await pause(10);
}

describe.each([
  { kind: 'a process a job', create: () => createWarmExecutor(launcher, { jobsPerWorker: 1 }) },
  { kind: 'a process for many', create: () => createWarmExecutor(launcher) },
])('the built-in pipeline, $kind:', ({ create }) => {
  test('each job has its own configuration, environment, output and exit code', async () => {
    const jobs = open(create());
    const script = (n: number): string =>
      `say('job ${String(n)} of ' + env.QLF_USER); console.error('err'); return ${String(n)};`;
    const ran = await Promise.all(
      [0, 3, 0, 4].map((n, id) => run(jobs, id, script(n), { QLF_USER: `run-${String(id)}` })),
    );
    expect(await Promise.all(ran.map((job) => job.end))).toEqual([0, 3, 0, 4].map((code) => ({ kind: 'exit', code })));
    const logs = await Promise.all(ran.map((job) => job.log()));
    expect(logs.map((log) => log.split('\n').sort().join(' ').trim())).toEqual(
      [0, 3, 0, 4].map((n, id) => `err job ${String(n)} of run-${String(id)}`),
    );
  });

  test('a great deal of output is all its own job’s', async () => {
    const jobs = open(create());
    const ran = await Promise.all(
      [1, 2, 3].map((n) => run(jobs, n, `for (let i = 0; i < 20000; i++) say('${String(n)}'.repeat(50)); return 0;`)),
    );
    for (const [index, job] of ran.entries()) {
      expect(await job.end).toEqual(ok);
      const own = (await job.log()).split('\n').filter((line) => !line.includes(' QLF WARNING '));
      expect(own.join('\n')).toBe(`${String(index + 1).repeat(50)}\n`.repeat(20_000));
    }
  });

  test('a crash ends its job only', async () => {
    const jobs = open(create(), 2);
    const ran = await Promise.all([
      run(jobs, 1, 'process.kill(process.pid, "SIGSEGV"); await new Promise(() => undefined);'),
      run(jobs, 2, 'await new Promise((done) => setTimeout(done, 200)); return 0;'),
      run(jobs, 3, 'throw new Error("broken")'),
      run(jobs, 4, 'return 0;'),
    ]);
    const ends = await Promise.all(ran.map((job) => job.end));
    expect(ends).toEqual([{ kind: 'signal', signal: 'SIGSEGV' }, ok, { kind: 'exit', code: 1 }, ok]);
  });

  test('cancelling ends its job only, with what it started', async () => {
    const jobs = open(create(), 2);
    const script = `
      process.on('SIGTERM', () => undefined);
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      say(child.pid);
      await new Promise((done) => setTimeout(done, 60_000));`;
    const [first, second] = [
      await run(jobs, 1, script),
      await run(jobs, 2, 'await new Promise((done) => setTimeout(done, 1000)); return 0;'),
    ];
    let child = 0;
    while (child === 0) {
      await pause(10);
      child = Number(await first.log().catch(() => ''));
    }
    jobs.cancel(1);
    expect(await first.end).toEqual({ kind: 'cancelled' });
    expect(startTimeOf(child)).toBeNull();
    expect(startTimeOf(await first.pid)).toBeNull();
    expect(await second.end).toEqual(ok);
    expect(await (await run(jobs, 3, 'return 0;')).end).toEqual(ok);
  });

  test('ends when the engine dies', async () => {
    const engine = `
      import { createNodeLauncher } from ${JSON.stringify(resolve('src-main/pipeline/node-launcher.ts'))};
      const nothing = () => undefined;
      createNodeLauncher({ programsDir: ${JSON.stringify(folder)} }).launch('ql-pipeline', {
        args: ['--worker'], env: {}, onStdout: nothing, onStderr: nothing,
        onStarted: (pid) => console.log(pid),
      });`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', engine], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(
      await new Promise<string>((done) => parent.stdout.once('data', (chunk: Buffer) => done(chunk.toString()))),
    );
    parent.kill('SIGKILL');
    await gone(pid);
  });
});

describe('warm workers', () => {
  test('a process takes one job after another, and is replaced after some', async () => {
    const jobs = open(createWarmExecutor(launcher, { jobsPerWorker: 3 }));
    const pids: number[] = [];
    for (let id = 0; id < 6; id++) {
      const job = await run(jobs, id, 'return 0;');
      await job.end;
      pids.push(await job.pid);
    }
    expect(new Set(pids.slice(0, 3)).size).toBe(1);
    expect(new Set(pids.slice(3)).size).toBe(1);
    expect(new Set(pids).size).toBe(2);
  });

  test('a process that waits too long for work is ended, and all are when the pool closes', async () => {
    const impatient = open(createWarmExecutor(launcher, { idleSeconds: 0.1 }));
    await gone(await (await run(impatient, 1, 'return 0;')).pid);
    await impatient.close();
    const jobs = open(createWarmExecutor(launcher));
    const job = await run(jobs, 1, 'return 0;');
    await job.end;
    expect(startTimeOf(await job.pid)).not.toBeNull();
    await jobs.close();
    expect(startTimeOf(await job.pid)).toBeNull();
  });

  test('what a job leaves behind is ended, the worker stays', async () => {
    const jobs = open(createWarmExecutor(launcher));
    const first = await run(
      jobs,
      1,
      `say(spawn('setsid', ['sleep', '600'], { detached: true, stdio: 'ignore' }).pid); return 0;`,
    );
    expect(await first.end).toEqual(ok);
    expect(startTimeOf(Number(await first.log()))).toBeNull();
    const second = await run(jobs, 2, 'return 0;');
    expect(await second.end).toEqual(ok);
    expect(await second.pid).toBe(await first.pid);
  });
});

describe('orphans of a crashed engine', () => {
  const sleeper = async (env: Record<string, string>): Promise<{ pid: number; startTime: string | null }> => {
    const child = spawn('sleep', ['600'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], ...env },
    });
    await new Promise((done) => child.once('spawn', done));
    return { pid: child.pid!, startTime: startTimeOf(child.pid!) };
  };

  test('those on record and those with the mark are ended; a reused number and others’ jobs are not', async () => {
    const recorded = await sleeper({});
    const job = await sleeper({ QLF_JOB: `${encodeURIComponent(folder)}/7/abc/` });
    const transfer = await sleeper(engineMark(folder));
    const reused = await sleeper({});
    const other = await sleeper({ QLF_JOB: `${encodeURIComponent(`${folder}2`)}/7/abc/` });
    try {
      const records = [
        { jobId: 1, ...recorded },
        { jobId: 2, ...reused, startTime: '12345' },
        { jobId: 3, ...other, startTime: null },
      ];
      expect(await endOrphans(records, folder)).toEqual([]);
      expect([recorded, job, transfer, reused, other].map(({ pid }) => startTimeOf(pid) !== null)).toEqual([
        false,
        false,
        false,
        true,
        true,
      ]);
    } finally {
      for (const { pid } of [reused, other]) process.kill(pid, 'SIGKILL');
    }
  });
});
