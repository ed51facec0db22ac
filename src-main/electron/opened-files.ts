import { basename } from 'node:path';
import { app, ipcMain, type BrowserWindow } from 'electron';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Opened } from '#shared/domain/opened.ts';
import { OPENED_CHANNEL, OPENED_HINT_CHANNEL } from '#shared/ipc/channels.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { answerWith, refuse } from '../domain/answer-call.ts';
import type { FileOpener } from '../domain/ports/file-opener.ts';
import { isTrusted } from './ipc.ts';
import { MOST_OPENED, openableFiles, openableKind } from './openable-files.ts';

/** What a second start hands to the first. */
const HandedSchema = Type.Object({
  files: Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { maxItems: MOST_OPENED }),
});

/** Files that the desktop, or a second start of QLF, wants opened; they wait until the page asks for them. */
export interface OpenedFiles {
  /** Becomes the one instance; false where there is one already, which gets the files. */
  claim(): boolean;
  /** Answers the page. @param window the window of the moment */
  serve(engine: Promise<FileOpener>, window: () => BrowserWindow | undefined, report: (error: unknown) => void): void;
}

async function open(engine: FileOpener, path: string): Promise<Opened> {
  try {
    if (openableKind(path) === 'night') return { kind: 'night', night: await engine.offerNight(path) };
    return { kind: 'fits', file: await engine.openFile(path) };
  } catch (error) {
    if (!(error instanceof QlfError)) throw error;
    return { kind: 'refused', name: basename(path), message: error.message };
  }
}

/** @param words of the command line */
export function createOpenedFiles(words: readonly string[]): OpenedFiles {
  const waiting = openableFiles(words, process.cwd());
  let hint = (): void => undefined;
  const add = (files: readonly string[]): void => {
    waiting.push(...files);
    waiting.splice(0, waiting.length - MOST_OPENED);
    hint();
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    add(openableFiles([path], '/'));
  });
  return {
    claim() {
      if (!app.requestSingleInstanceLock({ files: [...waiting] })) return false;
      app.on('second-instance', (_event, _argv, _folder, handed) => {
        if (Value.Check(HandedSchema, handed)) add(openableFiles(handed.files, '/'));
      });
      return true;
    },
    serve(engine, window, report) {
      hint = () => {
        const contents = window()?.webContents;
        if (contents && !contents.isDestroyed()) contents.send(OPENED_HINT_CHANNEL);
      };
      ipcMain.handle(OPENED_CHANNEL, async (event) => {
        if (!isTrusted(event, window())) return refuse('untrusted-sender', 'Only the interface of QLF may ask.');
        return answerWith(
          'Opening the file',
          async () => {
            const running = await engine;
            return Promise.all(waiting.splice(0).map((path) => open(running, path)));
          },
          report,
        );
      });
    },
  };
}
