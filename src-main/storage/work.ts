import type { StorageWork } from '#shared/domain/storage.ts';
import { QlfError } from '#shared/ipc/result.ts';

export type WorkKind = StorageWork['kind'];
/** @returns what came of it, in words */
type Task = (signal: AbortSignal, onProgress: (share: number | null, text: string) => void) => Promise<string>;

const NAMES: Readonly<Record<WorkKind, string>> = {
  cleaning: 'the cleaning',
  backup: 'the copy of the database',
  export: 'the export of a night',
  import: 'the import of a night',
};

/** Long work, one at a time, each to be seen and to be cancelled. */
export class WorkDesk {
  #shown: StorageWork | null = null;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The work under way, else the last one. */
  get shown(): StorageWork | null {
    return this.#shown;
  }

  get isBusy(): boolean {
    return this.#shown?.state === 'running';
  }

  /** @throws QlfError `conflict` while other work is under way */
  begin(kind: WorkKind, task: Task): Promise<void> {
    if (this.#shown?.state === 'running')
      throw new QlfError('conflict', `${NAMES[this.#shown.kind]} is under way; wait for it, or cancel it`);
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const about = { kind, startedAt: this.#now() };
    this.#shown = { ...about, state: 'running', share: null, text: 'begins' };
    const end = (state: StorageWork['state'], text: string): void => {
      this.#shown = { ...about, state, share: state === 'done' ? 1 : null, text };
    };
    this.#running = task(signal, (share, text) => {
      this.#shown = { ...about, state: 'running', share, text };
    }).then(
      (text) => end(signal.aborted ? 'cancelled' : 'done', text),
      (error: unknown) => {
        if (signal.aborted) end('cancelled', 'cancelled');
        else end('failed', error instanceof Error ? error.message : String(error));
      },
    );
    return this.#running;
  }

  cancel(): void {
    this.#abort.abort(new Error('cancelled'));
  }

  /** Cancels what is under way and waits for its end. */
  async close(): Promise<void> {
    this.cancel();
    await this.#running;
  }
}
