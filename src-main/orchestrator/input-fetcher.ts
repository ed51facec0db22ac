import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { DosClient } from '../domain/ports/dos-client.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { worthWaiting } from '../domain/next-exposure.ts';
import type { FileTransfer } from '../domain/ports/transfer.ts';
import type { Waiting } from '../domain/waiting.ts';
import type { ConnectionState } from './connections.ts';
import type { ControlRoom } from './control-room.ts';
import type { DataFolder } from './folders.ts';
import { fetchInputs, type LocalInputs } from './inputs.ts';

export interface InputFetcherParts {
  dos: DosClient;
  room: ControlRoom;
  transfer: FileTransfer;
  transferConnection: ConnectionState;
  folder: DataFolder;
  settings: () => EngineSettings;
  waiting: Waiting;
  now: () => number;
}

/** What is being brought over before anybody needs it. */
interface Ahead {
  expid: number;
  abort: AbortController;
  inputs: Promise<LocalInputs>;
}

/**
 * Brings exposures over: the one that is processed, and while that is being done the one that will be next. What was
 * begun ahead is never in the way: whoever is next in the end takes the link, or takes over what has begun.
 */
export class InputFetcher {
  readonly #parts: InputFetcherParts;
  #ahead: Ahead | null = null;
  /** Whose progress is on screen; the end of another one does not wipe it out. */
  #shown: symbol | null = null;
  /** EXPIDs of which nothing has come since something went wrong. */
  readonly #still = new Set<number>();
  readonly #onTrouble: () => void;

  /** @param onTrouble called when something goes wrong though it is tried again */
  constructor(parts: InputFetcherParts, onTrouble: () => void = () => undefined) {
    this.#parts = parts;
    this.#onTrouble = onTrouble;
  }

  /** True while the files of an exposure are asked for again and again and nothing comes. */
  standsStill(expid: number): boolean {
    return this.#still.has(expid);
  }

  /** The inputs of an exposure for its run, going on with what was begun ahead. */
  async fetch(exposure: Exposure, signal: AbortSignal): Promise<LocalInputs> {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead?.expid !== exposure.expid) {
      ahead?.abort.abort();
      return this.#bring(exposure, signal);
    }
    const abort = (): void => ahead.abort.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await ahead.inputs;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Begins to bring over what will be next, null for nothing; ends what was begun for another. */
  prefetch(exposure: Exposure | null): void {
    if (this.#ahead?.expid === exposure?.expid) return;
    this.#ahead?.abort.abort();
    this.#ahead = null;
    if (exposure === null) return;
    const abort = new AbortController();
    const { expid } = exposure;
    const ahead: Ahead = { expid, abort, inputs: this.#bring(exposure, abort.signal) };
    this.#ahead = ahead;
    ahead.inputs.then(
      () => this.#parts.room.log('engine', 'info', `exposure ${expid8(expid)}: here, ahead of its turn`, { expid }),
      () => {
        // Its run will try again, and say why it does not come.
        if (this.#ahead === ahead) this.#ahead = null;
      },
    );
  }

  /** Ends what was begun ahead. */
  async close(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = null;
    ahead?.abort.abort();
    await ahead?.inputs.catch(() => undefined);
  }

  async #bring(exposure: Exposure, signal: AbortSignal): Promise<LocalInputs> {
    const { room, transferConnection: connection, settings, now } = this.#parts;
    const { expid } = exposure;
    const mine = Symbol();
    let trouble = '';
    let last = { file: '', bytes: 0 };
    const contact = (): void => {
      trouble = '';
      this.#still.delete(expid);
      connection.ok();
    };
    try {
      const inputs = await fetchInputs(this.#parts, exposure, {
        signal,
        onProgress: (file, update) => {
          if (signal.aborted) return;
          // A part that was here before, and is only looked at, is no sign of life.
          if (file === last.file && update.bytes > last.bytes) contact();
          last = { file, bytes: update.bytes };
          this.#shown = mine;
          room.publish({ type: 'transfer', progress: { expid, file, ...update } });
        },
        onArrived: () => {
          if (!signal.aborted) contact();
        },
        persists: () => worthWaiting(expid, room.snapshot().exposures, settings().catchUp),
        onTrouble: (text, waitMs) => {
          if (signal.aborted) return;
          this.#still.add(expid);
          connection.lost(text, waitMs === undefined ? null : now() + waitMs);
          // Each of a row of the same failures is on the screen; one of them is enough in the log.
          const what = text.replace(/[0-9]+/g, '');
          if (what !== trouble) room.log('engine', 'warning', `exposure ${expid8(expid)}: ${text}`, { expid });
          trouble = what;
          this.#onTrouble();
        },
        onAbsent: (text) => room.log('engine', 'error', `exposure ${expid8(expid)}: ${text}`, { expid }),
      });
      connection.idle();
      return inputs;
    } catch (error) {
      if (!signal.aborted) connection.lost(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#still.delete(expid);
      if (this.#shown === mine) room.publish({ type: 'transfer', progress: null });
    }
  }
}
