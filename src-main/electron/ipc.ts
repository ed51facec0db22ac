import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { CHANNELS, EVENTS_CHANNEL } from '#shared/ipc/channels.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { answerCall, refuse } from './answer-call.ts';
import { isAppUrl } from './app-protocol.ts';

/** Only the interface's own page, in the main frame of our own window, may call. */
function isTrusted(event: IpcMainInvokeEvent, window: BrowserWindow | undefined): boolean {
  const frame = event.senderFrame;
  return event.sender === window?.webContents && frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/**
 * Answers the calls of the interface.
 * @param engine calls that come before it is ready wait for it
 * @param window the window of the moment
 */
export function serveCalls(
  engine: Promise<{ handlers: Handlers }>,
  window: () => BrowserWindow | undefined,
  report: (error: unknown) => void,
): void {
  for (const channel of CHANNELS)
    ipcMain.handle(channel, async (event, request: unknown) =>
      isTrusted(event, window())
        ? answerCall(channel, request, (await engine).handlers, report)
        : refuse('untrusted-sender', `${channel}: only the interface of QLF may call this.`),
    );
}

/** Pushes a batch of events to the interface, if there is one to hear it. */
export function pushEvents(window: BrowserWindow | undefined, batch: EventBatch): void {
  if (window && !window.webContents.isDestroyed()) window.webContents.send(EVENTS_CHANNEL, batch);
}
