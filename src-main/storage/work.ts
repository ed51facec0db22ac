import type { StorageWork } from '#shared/domain/storage.ts';
import { QlfError } from '#shared/ipc/result.ts';

export type WorkKind = StorageWork['kind'];
/** How far work is, 0 … 1, null where it cannot be told; and what is done now. */
export type Progress = (share: number | null, text: string) => void;
/** @returns what came of it, in words */
type Task = (signal: AbortSignal, onProgress: Progress) => Promise<string>;

const NAMES: Readonly<Record<WorkKind, string>> = {
  preview: 'the look at what would go',
  cleaning: 'the cleaning',
  backup: 'the copy of the database',
  restore: 'the restoring of the database',
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

  /** As `begin`, for whoever waits for what comes of it. @returns null where it was cancelled @throws what the work throws, too */
  async through<T>(
    kind: WorkKind,
    task: (...parts: Parameters<Task>) => Promise<T>,
    words: (value: T) => string,
  ): Promise<T | null> {
    const outcome: { value?: Promise<T>; cancelled: boolean } = { cancelled: false };
    await this.begin(kind, async (signal, onProgress) => {
      outcome.value = task(signal, onProgress);
      try {
        return words(await outcome.value);
      } finally {
        outcome.cancelled = signal.aborted;
      }
    });
    return outcome.cancelled || !outcome.value ? null : outcome.value;
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
        if (signal.aborted) end('cancelled', error instanceof QlfError ? error.message : 'all is as it was');
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
