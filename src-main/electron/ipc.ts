import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { CHANNELS, DROPPED_FILE_CHANNEL, EVENTS_CHANNEL } from '#shared/ipc/channels.ts';
import type { FitsFile } from '#shared/domain/image.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { answerCall, answerWith, refuse } from '../domain/answer-call.ts';
import { isAppUrl } from './app-protocol.ts';

/** Only the interface's own page, in the main frame of our own window, may call. */
export function isTrusted(event: IpcMainInvokeEvent, window: BrowserWindow | undefined): boolean {
  const frame = event.senderFrame;
  return event.sender === window?.webContents && frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/**
 * Answers the calls of the interface.
 * @param engine calls that come before it is ready wait for it
 * @param window the window of the moment
 */
export function serveCalls(
  engine: Promise<{ handlers: Handlers; openFile(path: string): Promise<FitsFile> }>,
  window: () => BrowserWindow | undefined,
  report: (error: unknown) => void,
): void {
  for (const channel of CHANNELS)
    ipcMain.handle(channel, async (event, request: unknown) =>
      isTrusted(event, window())
        ? answerCall(channel, request, (await engine).handlers, report)
        : refuse('untrusted-sender', `${channel}: only the interface of QLF may call this.`),
    );
  ipcMain.handle(DROPPED_FILE_CHANNEL, async (event, path: unknown) => {
    if (!isTrusted(event, window())) return refuse('untrusted-sender', 'Only the interface of QLF may open files.');
    if (typeof path !== 'string') return refuse('bad-request', 'What was dropped is no file.');
    return answerWith('Opening the file', async () => (await engine).openFile(path), report);
  });
}

/** Pushes a batch of events to the interface, if there is one to hear it. */
export function pushEvents(window: BrowserWindow | undefined, batch: EventBatch): void {
  if (window && !window.webContents.isDestroyed()) window.webContents.send(EVENTS_CHANNEL, batch);
}
