import { rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { Documents } from '../domain/ports/documents.ts';

/** The desktop's documents. @throws QlfError `unavailable` in the headless program */
export function needDocuments(documents: Documents | null): Documents {
  if (!documents)
    throw new QlfError('unavailable', 'files are saved by the desktop application: this engine runs without one');
  return documents;
}

/**
 * Writes a file as a whole: it is there complete, or the one before it is untouched.
 * @throws QlfError `unavailable` naming the file and what the system says
 */
export async function saveFile(file: string, content: string | Uint8Array | AsyncIterable<string>): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new QlfError('unavailable', `${basename(file)} could not be saved: ${reason}. Choose another place.`, {
      cause: error,
    });
  }
}
