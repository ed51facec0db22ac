import type { Channel } from '#shared/ipc/channels.ts';
import type { FitsFile } from '#shared/domain/image.ts';
import type { Opened } from '#shared/domain/opened.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import type { Result } from '#shared/ipc/result.ts';
import type { EventBatch } from '#shared/state/events.ts';

/** What the preload script puts on `window.qlf`; it forwards and knows no types. */
export interface RawBridge {
  call(channel: string, request: unknown): Promise<Result<unknown>>;
  openFile(file: File): Promise<Result<unknown>>;
  onEvents(listener: (batch: EventBatch) => void): () => void;
  /** In the desktop only. */
  takeOpened?(): Promise<Result<unknown>>;
  onOpened?(listener: () => void): () => void;
}

declare global {
  interface Window {
    qlf?: RawBridge;
  }
}

/** The engine, as typed as the contract. Calls never reject: whatever goes wrong is an error in the `Result`. */
export interface Bridge {
  call<C extends Channel>(channel: C, request: Request<C>): Promise<Result<Response<C>>>;
  /** Opens a file that a person dropped on the page. */
  openFile(file: File): Promise<Result<FitsFile>>;
  onEvents(listener: (batch: EventBatch) => void): () => void;
  /** What the desktop has opened in QLF since the last time. */
  takeOpened(): Promise<Opened[]>;
  /** Calls back when there is something to take. */
  onOpened(listener: () => void): () => void;
}

/** Wraps the raw bridge. The engine checks requests and owns the responses, so the types hold across it. */
export function typedBridge(raw: RawBridge): Bridge {
  return {
    async call<C extends Channel>(channel: C, request: Request<C>): Promise<Result<Response<C>>> {
      try {
        return (await raw.call(channel, request)) as Result<Response<C>>;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return {
          ok: false,
          error: { code: 'unavailable', message: `The engine did not answer (${channel}): ${reason}` },
        };
      }
    },
    async openFile(file) {
      try {
        return (await raw.openFile(file)) as Result<FitsFile>;
      } catch (error) {
        return { ok: false, error: { code: 'unavailable', message: String(error) } };
      }
    },
    onEvents: (listener) => raw.onEvents(listener),
    async takeOpened() {
      const answer = await raw.takeOpened?.().catch(() => null);
      return answer?.ok ? (answer.value as Opened[]) : [];
    },
    onOpened: (listener) => raw.onOpened?.(listener) ?? (() => undefined),
  };
}
