import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import type { TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import type { ProgramLauncher } from '../../domain/ports/program-launcher.ts';
import { createTestEnvironmentClient, type TestEnvironment } from './client.ts';

const SETTINGS: TestEnvironmentSettings = {
  seed: 7,
  size: 'compact',
  cadence: 'manual',
  acceleratedPeriod: 60,
  faults: [],
};

let directory = '';
let client: TestEnvironment | undefined;
let processes: ChildProcess[] = [];
let problems: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'qlf-emulated-'));
  processes = [];
  problems = [];
});
afterEach(async () => {
  await client?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Runs the program from its source in a real child process with a message channel. */
const launcher: ProgramLauncher = {
  launch(program, { args, onStdout, onStderr, onMessage }) {
    const source = resolve(`src-main/dos/${program.replace('dos-', '')}/program.ts`);
    const child = fork(source, args, { silent: true, execArgv: [] });
    processes.push(child);
    child.stdout?.on('data', onStdout);
    child.stderr?.on('data', onStderr);
    child.on('message', (message) => onMessage?.(message));
    return {
      pid: child.pid,
      send: (message) => child.connected && child.send(message as object),
      kill: (signal) => child.kill(signal),
      ended: new Promise((done) => child.once('close', (code, signal) => done({ code, signal, error: null }))),
    };
  },
};

function start(settings: Partial<TestEnvironmentSettings> = {}): TestEnvironment {
  client = createTestEnvironmentClient({
    directory,
    settings: { ...SETTINGS, ...settings },
    launcher,
    onProblem: (message) => problems.push(message),
    restartDelay: 10,
  });
  return client;
}

async function exposure(environment: TestEnvironment, expid: number) {
  for (;;) {
    const last = await environment.getLastExposure();
    if (last && last.expid >= expid) return last;
    await new Promise((done) => setTimeout(done, 50));
  }
}

it('observes on demand, offers all files, and hints', async () => {
  const environment = start();
  const hinted = new Promise<void>((done) => environment.onHint(done));
  await environment.start();
  expect(await environment.getLastExposure()).toBeNull();
  await environment.exposeNow();
  await hinted;
  expect(await exposure(environment, 1)).toMatchObject({ expid: 1, flavor: 'bias', camerasExpected: [...CAMERAS] });
  expect(await environment.getFibermap(1, 0)).toBeNull();

  await environment.set({ ...SETTINGS, faults: [{ name: 'missing-camera', camera: 'z9' }] });
  await environment.exposeNow();
  const science = await exposure(environment, 2);
  expect(science).toMatchObject({ flavor: 'science', program: 'dark', exptime: 900 });
  expect(science.camerasExpected).toContain('z9');
  const raw = await readFile((await environment.getFileLocation(2)).path, 'latin1');
  expect(raw).toContain("'Z8      '");
  expect(raw).not.toContain("'Z9      '");
  expect((await environment.getFibermap(2, 3))?.bytes).toBeGreaterThan(1e6);
  expect((await environment.getTelemetry(2))?.path).toMatch(/telemetry-00000002\.json$/);
  expect((await environment.getEtc(2))?.path).toMatch(/etc-00000002\.json$/);

  const files = await environment.getCalibrationFiles(2);
  expect(files.filter(({ kind }) => kind === 'fiberflat').map(({ relativePath }) => relativePath)).toEqual([
    'fiberflat-compact.fits',
  ]);
  expect(files.filter(({ relativePath }) => relativePath.endsWith('.yaml'))).toHaveLength(30);
  expect(problems).toEqual([]);
});

it('starts a killed program anew, and it goes on after its last exposure', async () => {
  const environment = start();
  await environment.start();
  await environment.exposeNow();
  await exposure(environment, 1);
  processes[0]!.kill('SIGKILL');
  while (processes.length < 2) await new Promise((done) => setTimeout(done, 20));
  await environment.exposeNow();
  expect(await exposure(environment, 2)).toMatchObject({ expid: 2, flavor: 'science' });
  expect(problems).toEqual([expect.stringContaining('SIGKILL')]);
});

it('shows a science exposure soon when accelerated, and leaves no process behind', async () => {
  const environment = start({ cadence: 'accelerated' });
  await environment.start();
  const found = await exposure(environment, 2);
  expect(found).toMatchObject({ expid: 2, flavor: 'science' });
  await environment.stop();
  expect(processes.every((child) => child.exitCode !== null || child.signalCode !== null)).toBe(true);
  await expect(environment.exposeNow()).rejects.toMatchObject({ code: 'unavailable' });
  const nights = await readdir(join(directory, 'raw'));
  expect(nights).toEqual([found.night]);
});

it('ends when its parent is gone', async () => {
  const child = fork(
    resolve('src-main/dos/test-environment/program.ts'),
    ['--directory', directory, '--cadence', 'manual'],
    {
      silent: true,
      execArgv: [],
    },
  );
  await new Promise((done) => child.once('message', done));
  const ended = new Promise((done) => child.once('exit', done));
  child.disconnect();
  expect(await ended).toBe(0);
});
