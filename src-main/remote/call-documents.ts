import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { SavedFile } from '#shared/remote/wire.ts';
import type { Documents } from '../domain/ports/documents.ts';

interface Call {
  /** Folder for what is saved, made when the first file is. */
  folder: string | null;
  files: string[];
  /** The page to print. */
  page: string | null;
}

/** What a call from elsewhere left for whoever called. */
export interface Left<T> {
  value: T;
  files: (SavedFile & { path: string })[];
  page: string | null;
}

/**
 * Documents for handlers that serve the desktop and browsers elsewhere alike: a call within `inCall` saves for its browser, all
 * others for the desktop.
 * @param desktop null where there is none
 */
export function callDocuments(desktop: Documents | null): {
  documents: Documents;
  inCall<T>(task: () => Promise<T>): Promise<Left<T>>;
} {
  const calls = new AsyncLocalStorage<Call>();
  const here = (): Documents => {
    if (desktop) return desktop;
    throw new QlfError('unavailable', 'files are saved by the desktop application: this engine runs without one');
  };
  return {
    documents: {
      async askWhere(kind) {
        const call = calls.getStore();
        if (!call) return here().askWhere(kind);
        call.folder ??= await mkdtemp(join(tmpdir(), 'qlf-save-'));
        const file = join(call.folder, `${kind.name}.${kind.extension}`);
        call.files.push(file);
        return file;
      },
      askWhich: (question) => here().askWhich(question),
      toPdf(html) {
        if (desktop) return desktop.toPdf(html);
        throw new QlfError('unavailable', 'a PDF needs the desktop application: save HTML and print it in the browser');
      },
      async print(html) {
        const call = calls.getStore();
        if (!call) return here().print(html);
        call.page = html;
        return true;
      },
    },
    async inCall(task) {
      const call: Call = { folder: null, files: [], page: null };
      try {
        const value = await calls.run(call, task);
        const files: Left<unknown>['files'] = [];
        for (const path of call.files) {
          // What could not be saved is not there, and its handler has said so.
          const data = await readFile(path).catch(() => null);
          if (data) files.push({ path, name: basename(path), data: new Uint8Array(data) });
        }
        return { value, files, page: call.page };
      } finally {
        if (call.folder !== null) await rm(call.folder, { recursive: true, force: true });
      }
    },
  };
}
