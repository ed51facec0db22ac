import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DiagnosticsState } from '#shared/domain/diagnostics.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { DIAGNOSTICS_CONTRACT } from '#shared/ipc/diagnostics-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { BundleOrder } from '../domain/ports/diagnostics.ts';
import { collect, type Collected } from './collect.ts';
import type { BundleMessage } from './serve-bundle.ts';

export interface DiagnosticsParts {
  /** The program of the thread that makes the bundle. */
  program: URL;
  collected: () => Promise<Collected> | Collected;
  /** Shows a file in the system's file manager; null where there is no desktop. */
  showFile: ((file: string) => void) | null;
  log: (level: 'info' | 'error', text: string) => void;
  now: () => number;
}

/** Bundles that are kept in the data folder, the newest. */
const KEPT = 5;
const NAME = /^qlf-diagnostics-\d{8}T\d{6}Z\.tar\.gz$/;
const IDLE: DiagnosticsState = { state: 'idle', step: 'settings', share: 0, file: '', bytes: 0, error: '' };

/** Name of a bundle made at that moment. */
function bundleName(at: number): string {
  return `qlf-diagnostics-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}.tar.gz`;
}

async function makeRoom(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  const old = names.filter((name) => NAME.test(name)).sort();
  // What a bundle that was being made when QLF ended has left goes, too.
  const left = names.filter((name) => name.startsWith('.diagnostics-'));
  for (const name of [...left, ...old.slice(0, Math.max(0, old.length - KEPT + 1))])
    await rm(join(folder, name), { recursive: true, force: true });
}

/** Makes one bundle at a time, in a thread: the engine has other things to do. */
export function createDiagnostics(parts: DiagnosticsParts): {
  handlers: Pick<Handlers, keyof typeof DIAGNOSTICS_CONTRACT>;
  close: () => Promise<void>;
} {
  let state: DiagnosticsState = IDLE;
  let thread: Worker | null = null;
  let making: Promise<void> = Promise.resolve();

  const isCancelled = (): boolean => state.state !== 'running';

  const inThread = (order: BundleOrder): Promise<number> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(parts.program, { workerData: order });
      thread = worker;
      worker.on('message', (message: BundleMessage) => {
        if (message.kind === 'progress') {
          if (!isCancelled()) state = { ...state, step: message.step, share: message.share };
        } else if (message.kind === 'done') resolve(message.bytes);
        else reject(new Error(message.error));
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        reject(new Error('its thread ended'));
      });
    });

  /** The bundle's place and size; null where it was cancelled before. */
  const bundle = async (): Promise<Pick<DiagnosticsState, 'file' | 'bytes'> | null> => {
    const collected = await parts.collected();
    const folder = join(collected.root, 'diagnostics');
    await makeRoom(folder);
    const file = join(folder, bundleName(parts.now()));
    const order = await collect(file, collected);
    try {
      if (isCancelled()) return null;
      const bytes = await inThread(order);
      return { file, bytes };
    } finally {
      await thread?.terminate();
      thread = null;
      await rm(order.staging, { recursive: true, force: true }).catch(() => undefined);
      if (isCancelled()) await rm(file, { force: true }).catch(() => undefined);
    }
  };

  const make = async (): Promise<void> => {
    try {
      const made = await bundle();
      if (isCancelled() || !made) return;
      state = { ...state, ...made, state: 'done', share: 1 };
      parts.log('info', `diagnostics saved in ${made.file}`);
    } catch (error) {
      if (isCancelled()) return;
      const words = error instanceof Error ? error.message : String(error);
      state = { ...state, state: 'failed', error: `The bundle could not be made: ${words}` };
      parts.log('error', `diagnostics could not be saved: ${words}`);
    }
  };

  const cancel = async (): Promise<void> => {
    if (state.state === 'running') state = { ...IDLE, state: 'cancelled' };
    await thread?.terminate();
    await making;
  };

  return {
    handlers: {
      'diagnostics.state': () => state,
      'diagnostics.save': () => {
        if (state.state !== 'running') {
          state = { ...IDLE, state: 'running' };
          making = making.then(make);
        }
        return state;
      },
      'diagnostics.cancel': async () => {
        await cancel();
        return state;
      },
      'diagnostics.show': () => {
        if (state.state !== 'done') throw new QlfError('not-found', 'no diagnostics were saved since QLF began');
        if (!parts.showFile) throw new QlfError('unavailable', `there is no desktop here; the file is ${state.file}`);
        parts.showFile(state.file);
        return {};
      },
    },
    close: cancel,
  };
}
