import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CameraName } from '#shared/domain/camera.ts';
import type { JobEnd, JobObserver, JobPool, JobSpec } from '../domain/ports/job-pool.ts';
import { createCommandExecutor } from './command-executor.ts';
import { startTimeOf } from './process-table.ts';
import { createJobPool, type JobPoolOptions } from './job-pool.ts';

let folder = '';
/** Seconds that only this test's processes sleep, so that they can be found. */
let mark = 0;
let pools: JobPool[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-pool-'));
  mark = 7000 + Math.floor(Math.random() * 1e9) / 1000;
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  pools = [];
  await rm(folder, { recursive: true });
});

/** A pool whose jobs run a shell script; `$1` is the camera, `$2` a folder for marks. */
function poolOf(script: string, options: Partial<JobPoolOptions> = {}): JobPool {
  const pool = createJobPool({
    executor: createCommandExecutor(['/bin/bash', '-c', script, 'job', '{camera}', '{outputDir}', '{config}']),
    parallel: 2,
    limits: () => ({ timeoutSeconds: 60, heartbeatSeconds: null }),
    instance: folder,
    graceSeconds: 0.5,
    ...options,
  });
  pools.push(pool);
  return pool;
}

function specOf(jobId: number): JobSpec {
  const camera: CameraName = `b${String(jobId % 10)}` as CameraName;
  return {
    jobId,
    runId: 1,
    expid: 101,
    night: '20191115',
    camera,
    attempt: 1,
    configFile: join(folder, 'qlconfig "it\'s"; $(touch pwned).yaml'),
    logFile: join(folder, 'logs', `run-${String(jobId)}.log`),
    outputDir: folder,
    launch: { kind: 'built-in' },
    paths: { exposure: '', rawTree: '', fibermap: '', calib: '', products: '' },
    env: { QLF_PASSWD: `secret-${String(jobId)}` },
  };
}

type Line = Parameters<JobObserver['line']>[1];
interface Watched {
  spec: JobSpec;
  pid: Promise<number>;
  end: Promise<JobEnd>;
  lines: Line[];
  /** Resolves when a line holds this. */
  said(text: string): Promise<Line>;
}

function run(pool: JobPool, jobId: number, change: Partial<JobSpec> = {}): Watched {
  const spec = { ...specOf(jobId), ...change };
  const lines: Line[] = [];
  const waiting: { text: string; found: (line: Line) => void }[] = [];
  let started: (pid: number) => void = () => undefined;
  let ended: (end: JobEnd) => void = () => undefined;
  const pid = new Promise<number>((resolve) => (started = resolve));
  const end = new Promise<JobEnd>((resolve) => (ended = resolve));
  pool.submit(spec, {
    started: (_spec, process) => started(process.pid),
    line(_spec, line) {
      lines.push(line);
      for (const one of waiting) if (line.text.includes(one.text)) one.found(line);
    },
    ended: (_spec, how) => ended(how),
  });
  const said = (text: string): Promise<Line> =>
    new Promise((found) => {
      const line = lines.find((one) => one.text.includes(text));
      if (line) found(line);
      else waiting.push({ text, found });
    });
  return { spec, pid, end, lines, said };
}

/** Pids of live processes with this command line. */
function alive(command: string): string[] {
  const { stdout } = spawnSync('pgrep', ['-f', '--', `^${command}$`], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}

const log = (watched: Watched): Promise<string> => readFile(watched.spec.logFile, 'utf8');

describe('how a job ends', () => {
  test('by itself: its exit status, its output whole and in one file', async () => {
    const job = run(poolOf('echo out; echo err >&2; printf "no newline"; exit 0'), 1);
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    expect((await log(job)).split('\n').sort()).toEqual(['', 'err', 'no newline', 'out']);
    expect(job.lines.map((line) => line.text).sort()).toEqual(['err', 'no newline', 'out']);
  });

  test.each([1, 3, 255])('with status %i', async (code) => {
    expect(await run(poolOf(`exit ${String(code)}`), 1).end).toEqual({ kind: 'exit', code });
  });

  test.each(['SIGKILL', 'SIGSEGV', 'SIGTERM', 'SIGABRT'])('by %s from elsewhere', async (signal) => {
    expect(await run(poolOf(`kill -${signal.slice(3)} $$; sleep 60`), 1).end).toEqual({ kind: 'signal', signal });
  });

  test('a program that does not exist was not started', async () => {
    const executor = createCommandExecutor(['/no/such/program']);
    expect(await run(poolOf('', { executor }), 1).end).toMatchObject({ kind: 'not-started', message: /ENOENT/ });
  });

  test('a timeout, with the log saying so', async () => {
    const limits = () => ({ timeoutSeconds: 0.3, heartbeatSeconds: null });
    const job = run(poolOf('while sleep 0.05; do echo alive; done', { limits }), 1);
    expect(await job.end).toEqual({ kind: 'timeout', seconds: 0.3 });
    expect(await log(job)).toMatch(/QLF ERROR : not finished after 0.3 s/);
  });

  test('silence is a lost heartbeat, output is not', async () => {
    const limits = () => ({ timeoutSeconds: 60, heartbeatSeconds: 3 });
    const pool = poolOf('if [ $1 = b1 ]; then sleep 60; else for i in {1..40}; do echo $i >&2; sleep 0.1; done; fi', {
      limits,
    });
    const [silent, alive] = [run(pool, 1), run(pool, 2)];
    expect(await silent.end).toEqual({ kind: 'lost-heartbeat', seconds: 3 });
    expect(await alive.end).toEqual({ kind: 'exit', code: 0 });
  });

  test('a log that cannot be written fails nothing', async () => {
    await writeFile(join(folder, 'file'), '');
    const job = run(poolOf('echo hello'), 1, { logFile: join(folder, 'file', 'run.log') });
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    expect(job.lines.map((line) => line.text)).toEqual([
      'hello',
      expect.stringMatching(/log could not be written: .*EEXIST/),
    ]);
  });

  test('a full disk under its log fails nothing', async () => {
    const job = run(poolOf('for i in {1..2000}; do echo $i; done'), 1, { logFile: '/dev/full' });
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    expect(job.lines.at(-1)?.text).toMatch(/log could not be written: .*ENOSPC/);
  });
});

describe('what a job gets', () => {
  test('arguments one by one, no shell; a small environment, secrets only in it', async () => {
    process.env['QLF_TEST_LEAK'] = 'leaked';
    const job = run(poolOf('printf "%s\\n" "$@"; env; tr "\\0" " " < /proc/$$/cmdline'), 1);
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    delete process.env['QLF_TEST_LEAK'];
    const text = await log(job);
    expect(text).toContain(job.spec.configFile);
    const names = text.split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual(
      ['HOME', 'LANG', 'OMP_NUM_THREADS', 'PATH', 'PWD', 'QLF_JOB', 'QLF_PASSWD', 'SHLVL', 'TMPDIR', '_'].sort(),
    );
    expect(text.split('\n').at(-1)).not.toContain('secret-1');
    await expect(stat('pwned')).rejects.toThrow('ENOENT');
  });

  test('an unknown placeholder is refused', () => {
    expect(() => createCommandExecutor(['run', '{confg}'])).toThrow(/\{confg\}; known: config/);
    expect(() => createCommandExecutor([])).toThrow(/empty/);
  });

  test('its log kept when it is tried again', async () => {
    const pool = poolOf('echo attempt');
    await run(pool, 1).end;
    const again = run(pool, 1, { attempt: 2 });
    await again.end;
    expect(await log(again)).toBe('attempt\nattempt\n');
  });
});

describe('the queue', () => {
  test('30 jobs, never more than allowed at once, oldest first', async () => {
    const pool = poolOf('mkdir $2/on-$$; all=($2/on-*); echo ${#all[@]}; sleep 0.05; rmdir $2/on-$$', { parallel: 4 });
    const begun: number[] = [];
    const jobs = Array.from({ length: 30 }, (_, index) => run(pool, index));
    for (const job of jobs) void job.pid.then(() => begun.push(job.spec.jobId));
    const ends = await Promise.all(jobs.map((job) => job.end));
    expect(ends.every((end) => end.kind === 'exit' && end.code === 0)).toBe(true);
    const together = jobs.map((job) => Number(job.lines[0]?.text));
    expect(Math.max(...together)).toBeLessThanOrEqual(4);
    expect(Math.max(...together)).toBeGreaterThan(1);
    expect(begun).toEqual(jobs.map((job) => job.spec.jobId));
  });

  test('more at once as soon as it is allowed', async () => {
    // Each job waits for the other: alone, neither would end.
    const pool = poolOf('touch $2/$1; until [ -e $2/b1 ] && [ -e $2/b2 ]; do sleep 0.02; done', { parallel: 1 });
    const jobs = [run(pool, 1), run(pool, 2)];
    await jobs[0]!.pid;
    pool.setParallel(2);
    expect(await Promise.all(jobs.map((job) => job.end))).toEqual(jobs.map(() => ({ kind: 'exit', code: 0 })));
  });

  test('a job cancelled while it waits never starts', async () => {
    const pool = poolOf('touch $2/started-$1; read -t 60 < /dev/zero', { parallel: 1 });
    const [first, second] = [run(pool, 1), run(pool, 2)];
    await first.pid;
    pool.cancel(2);
    expect(await second.end).toEqual({ kind: 'cancelled' });
    pool.cancel(1);
    expect(await first.end).toEqual({ kind: 'cancelled' });
    await expect(stat(join(folder, 'started-b2'))).rejects.toThrow('ENOENT');
  });

  test('a job cancelled in the moment of its start is gone', async () => {
    const job = run(poolOf(`sleep ${String(mark)}`), 1);
    pools[0]!.cancel(1);
    expect(await job.end).toEqual({ kind: 'cancelled' });
    expect(alive(`sleep ${String(mark)}`)).toEqual([]);
  });

  test('the same job twice is refused', () => {
    const pool = poolOf('sleep 60');
    run(pool, 1);
    expect(() => run(pool, 1)).toThrow(/already/);
  });

  test('cancelling all leaves nobody, and the pool goes on; closing it does not', async () => {
    const pool = poolOf(`if [ $1 != b9 ]; then sleep ${String(mark)}; fi`);
    const jobs = [1, 2, 3].map((id) => run(pool, id));
    await jobs[0]!.pid;
    await pool.cancelAll();
    expect(await Promise.all(jobs.map((job) => job.end))).toEqual(jobs.map(() => ({ kind: 'cancelled' })));
    expect(alive(`sleep ${String(mark)}`)).toEqual([]);
    expect(await run(pool, 9).end).toEqual({ kind: 'exit', code: 0 });
    await pool.close();
    expect(await run(pool, 9).end).toEqual({ kind: 'cancelled' });
  });
});

describe('nobody is left behind', () => {
  test('cancel: one that hears is asked', async () => {
    const job = run(poolOf('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.02; done'), 1);
    await job.said('ready');
    pools[0]!.cancel(1);
    expect(await job.end).toEqual({ kind: 'cancelled' });
    expect(job.lines.map((line) => line.text)).toContain('bye');
  });

  test.each([
    ['deaf to SIGTERM', (s: string) => `trap "" TERM; echo ready; while :; do sleep ${s}; done`],
    ['with children in its group', (s: string) => `sleep ${s} & (sleep ${s} & sleep ${s}) & echo ready; wait`],
    [
      'with children in sessions of their own',
      (s: string) => `setsid sleep ${s} & setsid -f sleep ${s}; echo ready; wait`,
    ],
    ['with one of them without its environment', (s: string) => `env -i setsid sleep ${s} & echo ready; wait`],
    [
      'that keeps multiplying',
      (s: string) =>
        `f() { setsid sleep ${s} & sleep 0.01; f & }; for i in 1 2 3 4; do f & done; echo ready; sleep ${s}`,
    ],
  ])('cancel: one %s is gone', async (_what, script) => {
    const job = run(poolOf(script(String(mark))), 1);
    await job.said('ready');
    pools[0]!.cancel(1);
    expect(await job.end).toEqual({ kind: 'cancelled' });
    expect(alive(`sleep ${String(mark)}`)).toEqual([]);
  });

  test.each([
    ['that inherited its output', (s: string) => `setsid sleep ${s} & sleep ${s} & echo ready; exit 0`],
    ['that fled to another session', (s: string) => `setsid -f sleep ${s} > /dev/null 2>&1; echo ready; exit 0`],
  ])('a job that ends by itself takes along a child %s', async (_what, script) => {
    const job = run(poolOf(script(String(mark))), 1);
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    expect(alive(`sleep ${String(mark)}`)).toEqual([]);
  });

  test('ending one job touches no other', async () => {
    const pool = poolOf(`setsid -f sleep ${String(mark)}; echo ready; read -t 60 < <(sleep 60)`);
    const [first, second] = [run(pool, 1), run(pool, 2)];
    await Promise.all([first.said('ready'), second.said('ready')]);
    pool.cancel(1);
    await first.end;
    expect(startTimeOf(await second.pid)).not.toBeNull();
    expect(alive(`sleep ${String(mark)}`)).toHaveLength(1);
    pool.cancel(2);
    await second.end;
    expect(alive(`sleep ${String(mark)}`)).toEqual([]);
  });
});

describe('a flood', () => {
  test('is capped in the file, told once, and harms no other', async () => {
    const script = `if [ $1 = b1 ]; then
        yes "2026-11-22 14:51:15,378 QuickLook INFO : nothing new" | head -n 1800000
        echo "2026-11-22 14:51:15,378 QuickLook INFO : Starting to run step Preproc"
      else until [ -e $2/go ]; do sleep 0.02; done; echo calm; fi`;
    const pool = poolOf(script, { maxLogBytes: 1_000_000 });
    const [flood, calm] = [run(pool, 1), run(pool, 2)];
    expect(await flood.end).toEqual({ kind: 'exit', code: 0 });
    await writeFile(join(folder, 'go'), '');
    expect(await calm.end).toEqual({ kind: 'exit', code: 0 });
    expect(await log(calm)).toBe('calm\n');

    const text = await log(flood);
    expect(text.length).toBeLessThan(1_200_000);
    expect(text.split('\n').filter((line) => line.includes('this log is full'))).toHaveLength(1);
    expect(flood.lines.length).toBeLessThan(100_000);
    // The step's line stood after the flood, in no log, and was seen all the same.
    expect(flood.lines.map((line) => line.fact)).toContainEqual({ kind: 'step-started', step: 'preproc' });
  });

  test('of one endless line is broken into lines', async () => {
    const job = run(poolOf('head -c 3000000 /dev/zero | tr "\\0" x'), 1);
    expect(await job.end).toEqual({ kind: 'exit', code: 0 });
    expect((await log(job)).replaceAll('\n', '')).toHaveLength(3_000_000);
    expect(Math.max(...job.lines.map((line) => line.text.length))).toBeLessThan(3000);
  });
});
