/**
 * The bridge: all that the sandboxed page gets of the engine. It forwards calls and events and knows no schemas; the
 * engine checks every request itself and trusts nothing from here.
 */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import {
  CHANNELS,
  DROPPED_FILE_CHANNEL,
  EVENTS_CHANNEL,
  OPENED_CHANNEL,
  OPENED_HINT_CHANNEL,
} from '#shared/ipc/channels.ts';
import type { Result } from '#shared/ipc/result.ts';
import type { EventBatch } from '#shared/state/events.ts';

/** Where a dropped file is; empty for one that the page made. Electron before 29 tells it by the file itself. */
function pathOf(file: unknown): string {
  if (!(file instanceof File)) return '';
  const utils = webUtils as typeof webUtils | undefined;
  return utils ? utils.getPathForFile(file) : ((file as File & { path?: string }).path ?? '');
}

const known: ReadonlySet<string> = new Set(CHANNELS);

contextBridge.exposeInMainWorld('qlf', {
  /** Asks the engine; never rejects for what the engine refuses: the answer is a `Result`. */
  call(channel: string, request: unknown): Promise<Result<unknown>> {
    if (!known.has(channel)) {
      const message = `There is no channel "${channel}" in this version of QLF.`;
      return Promise.resolve({ ok: false, error: { code: 'bad-request', message } });
    }
    return ipcRenderer.invoke(channel, request) as Promise<Result<unknown>>;
  },

  /** Opens a file that was dropped on the page. Only a file that a person gave has a path. */
  openFile(file: File): Promise<Result<unknown>> {
    return ipcRenderer.invoke(DROPPED_FILE_CHANNEL, pathOf(file)) as Promise<Result<unknown>>;
  },

  /** Takes what the desktop has opened in QLF. */
  takeOpened(): Promise<Result<unknown>> {
    return ipcRenderer.invoke(OPENED_CHANNEL) as Promise<Result<unknown>>;
  },

  /** Calls back when there is something to take, until the function returned is called. */
  onOpened(listener: () => void): () => void {
    const forward = (): void => {
      listener();
    };
    ipcRenderer.on(OPENED_HINT_CHANNEL, forward);
    return () => {
      ipcRenderer.off(OPENED_HINT_CHANNEL, forward);
    };
  },

  /** Calls back with every batch of events until the function returned is called. */
  onEvents(listener: (batch: EventBatch) => void): () => void {
    const forward = (_event: IpcRendererEvent, batch: EventBatch): void => {
      listener(batch);
    };
    ipcRenderer.on(EVENTS_CHANNEL, forward);
    return () => {
      ipcRenderer.off(EVENTS_CHANNEL, forward);
    };
  },
});
