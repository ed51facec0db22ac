import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log that grows to a limit and no further. Writing never throws: a full disk must not fail a job. */
export interface LogFile {
  write(text: Buffer): void;
  /** The limit is reached: what is written is not kept. */
  readonly full: boolean;
  /** Written whatever the limit says; for the few lines of QLF itself. */
  note(text: string): void;
  /** Resolves when all is written; with what went wrong, null when nothing did. */
  close(): Promise<string | null>;
}

/** Opens a log; `append` keeps what is there. The limit, in bytes, is of what this opening adds. */
export function openLogFile(path: string, append: boolean, maxBytes: number): LogFile {
  let failure: string | null = null;
  let written = 0;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    failure = String(error);
  }
  const stream = createWriteStream(path, { flags: append ? 'a' : 'w' });
  const closed = new Promise<void>((resolve) => {
    stream.on('error', (error) => {
      failure ??= error.message;
    });
    stream.once('close', resolve);
  });
  return {
    write(text) {
      if (failure !== null || written >= maxBytes) return;
      written += text.length;
      stream.write(text);
    },
    get full() {
      return written >= maxBytes;
    },
    note(text) {
      if (failure === null) stream.write(text);
    },
    async close() {
      stream.end();
      await closed;
      return failure;
    },
  };
}
