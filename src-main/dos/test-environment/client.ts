import { join } from 'node:path';
import type {
  ExposureKindName,
  TestEnvironmentSettings,
  TestEnvironmentState,
} from '#shared/domain/test-environment.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { DosClient } from '../../domain/ports/dos-client.ts';
import type { Child, ProgramLauncher } from '../../domain/ports/program-launcher.ts';
import { createExposureFolderClient } from '../exposure-folder/client.ts';
import { asReport, type Command } from './messages.ts';

export interface TestEnvironmentOptions {
  /** The emulated DOS's own folder: raw/ and calib/ are made in it. */
  directory: string;
  settings: TestEnvironmentSettings;
  launcher: ProgramLauncher;
  /** Hears of the program's problems and ends, in one line each. */
  onProblem?: (message: string) => void;
  /** ms until a program that died is started anew; doubled at each death in a row, at most a minute */
  restartDelay?: number;
}

export interface TestEnvironment extends DosClient {
  settings(): TestEnvironmentSettings;
  /** New settings, faults among them; they apply from the next exposure. */
  set(settings: TestEnvironmentSettings): Promise<void>;
  /** Takes an exposure at once; null: what the schedule has next. */
  exposeNow(kind?: ExposureKindName | null): Promise<void>;
  /** What it does now, as far as the program has said. */
  state(): TestEnvironmentState;
}

const LONGEST_DELAY = 60_000;
/** ms after which a program that does not end on request is killed */
const GRACE = 2000;

/**
 * The emulated DOS: the program `dos-test-environment` observes into a folder, which is read like any other exposure folder.
 * A program that dies is started anew and goes on after its last exposure.
 */
export function createTestEnvironmentClient(options: TestEnvironmentOptions): TestEnvironment {
  const { directory, launcher, onProblem = () => undefined, restartDelay = 1000 } = options;
  let { settings } = options;
  let child: Child | null = null;
  let restart: NodeJS.Timeout | undefined;
  let running = false;
  let deaths = 0;
  /** The program listens; before that, demands wait here. */
  let ready = false;
  let demands: (ExposureKindName | null)[] = [];
  let observing: Pick<TestEnvironmentState, 'activity' | 'exposure'> = { activity: 'off', exposure: null };
  let last: TestEnvironmentState['last'] = null;
  let trouble = '';
  const listeners = new Set<() => void>();

  // Exposures appear under their names when they are complete, so there is nothing to wait for.
  const folder = createExposureFolderClient({
    directory: join(directory, 'raw'),
    calibration: join(directory, 'calib'),
    adapter: 'test environment',
    patience: { whole: 0, short: 0, damaged: 0 },
    mayBeAbsent: true,
  });

  function launch(): void {
    let lastWords = '';
    const started = launcher.launch('dos-test-environment', {
      args: ['--directory', directory, '--settings', JSON.stringify(settings)],
      env: {},
      onStdout: () => undefined,
      onStderr: (chunk) => {
        lastWords = (lastWords + chunk.toString()).slice(-2000);
      },
      onMessage: take,
    });
    child = started;
    void started.ended.then(({ code, signal, error }) => {
      child = null;
      ready = false;
      if (!running) return;
      const delay = Math.min(LONGEST_DELAY, restartDelay * 2 ** deaths);
      deaths += 1;
      const how = error ?? (signal === null ? `exit code ${code}` : signal);
      const words = lastWords.trim().split('\n').at(-1) ?? '';
      trouble = `the program has ended (${how}) ${words}`;
      onProblem(`the program has ended (${how}) ${words}: it is started again in ${Math.round(delay / 1000)} s`);
      restart = setTimeout(launch, delay);
    });
  }

  function take(message: unknown): void {
    const report = asReport(message);
    switch (report?.type) {
      case 'exposure':
        deaths = 0;
        trouble = '';
        last = { expid: report.expid, seconds: report.seconds };
        for (const listener of listeners) listener();
        break;
      case 'observing':
        observing = { activity: report.activity, exposure: report.exposure };
        break;
      case 'problem':
        trouble = report.message;
        onProblem(report.message);
        break;
      case 'ready':
        ready = true;
        tell({ type: 'settings', settings });
        for (const kind of demands) tell({ type: 'expose-now', kind });
        demands = [];
        break;
      case undefined:
        break;
    }
  }

  const tell = (command: Command): void => child?.send(command);

  return {
    ...folder,
    async start() {
      if (running) return;
      running = true;
      launch();
      await folder.start();
    },
    async stop() {
      running = false;
      clearTimeout(restart);
      await folder.stop();
      if (!child) return;
      const ending = child;
      ending.kill('SIGTERM');
      const timer = setTimeout(() => ending.kill('SIGKILL'), GRACE);
      await ending.ended;
      clearTimeout(timer);
    },
    onHint(listener) {
      listeners.add(listener);
      const forget = folder.onHint(listener);
      return () => {
        listeners.delete(listener);
        forget();
      };
    },
    settings: () => settings,
    state() {
      if (trouble) return { ...observing, activity: 'trouble', last, problem: trouble };
      if (running && !ready) return { activity: 'starting', exposure: null, last, problem: '' };
      return { ...(running ? observing : { activity: 'off', exposure: null }), last, problem: '' };
    },
    async set(next) {
      settings = next;
      if (ready) tell({ type: 'settings', settings });
    },
    async exposeNow(kind = null) {
      if (!running)
        throw new QlfError('unavailable', 'test environment: it is stopped, so it takes no exposure. Start it.');
      if (ready) tell({ type: 'expose-now', kind });
      else demands.push(kind);
    },
  };
}
