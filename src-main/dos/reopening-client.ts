import type { DosClient } from '../domain/ports/dos-client.ts';

export interface ReopeningOptions {
  /** In words, for the screen. */
  adapter: string;
  /** Something that differs when the configuration has changed. @throws Error when it cannot be told */
  version: () => Promise<string>;
  /** @throws Error in words when the configuration is none */
  open: () => Promise<DosClient>;
}

/**
 * A DOS whose configuration may be wrong, or change, while QLF runs: each question goes to a client of the configuration as
 * it is then; while it is wrong, each question says what is wrong.
 */
export function createReopeningClient({ adapter, version, open }: ReopeningOptions): DosClient {
  const listeners = new Set<() => void>();
  const hint = (): void => {
    for (const listener of listeners) listener();
  };
  let running = false;
  let current: { client: DosClient; version: string } | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function close(): Promise<void> {
    const closing = current;
    current = null;
    await closing?.client.stop();
  }

  /** A configuration that cannot be read any more is the one that was read last. */
  async function versionNow(): Promise<string> {
    return version().catch(() => current?.version ?? '');
  }

  async function renewed(): Promise<DosClient> {
    const now = await versionNow();
    if (current?.version === now) return current.client;
    const client = await open();
    await close();
    client.onHint(hint);
    if (running) await client.start();
    current = { client, version: now };
    return client;
  }

  /** One after the other, so that no two are opened. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = turn.then(task, task);
    turn = next.catch(() => undefined);
    return next;
  }
  const client = (): Promise<DosClient> => inTurn(renewed);

  return {
    adapter,
    async start() {
      running = true;
      // What is wrong is told by the first question.
      await client().then(
        () => undefined,
        () => undefined,
      );
    },
    stop() {
      running = false;
      return inTurn(close);
    },
    getLastExposure: async (params) => (await client()).getLastExposure(params),
    getExposuresSince: async (expid) => (await client()).getExposuresSince(expid),
    getLateExposures: async (below, isKnown) => (await client()).getLateExposures(below, isKnown),
    getFileLocation: async (expid) => (await client()).getFileLocation(expid),
    getFibermap: async (expid, spectrograph) => (await client()).getFibermap(expid, spectrograph),
    getCalibrationFiles: async (expid) => (await client()).getCalibrationFiles(expid),
    getTelemetry: async (expid) => (await client()).getTelemetry(expid),
    getEtc: async (expid) => (await client()).getEtc(expid),
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
