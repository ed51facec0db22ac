import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RemoteRole } from '#shared/domain/remote.ts';
import type { ErrorCode, Result } from '#shared/ipc/result.ts';
import { LIVE_PATH, SESSION_PATH, type PushMessage } from '#shared/remote/wire.ts';
import type { EventBatch } from '#shared/state/events.ts';
import type { RawBridge } from '../bridge.ts';
import { decodePush, encodeCall } from './codec.ts';

/** How this page stands with its QLF. */
export interface RemoteAccess {
  link: 'connecting' | 'live' | 'lost';
  /** Null until QLF has said it. */
  role: RemoteRole | null;
  /** The token's name; empty without one. */
  name: string;
  /** Nobody may look without a token, and this page has none that holds. */
  needsToken: boolean;
}

/** The engine at the other end of a socket. */
export interface RemoteLink {
  raw: RawBridge;
  access: StoreApi<RemoteAccess>;
  /** @returns why not; empty where it worked */
  signIn(token: string): Promise<string>;
  signOut(): Promise<void>;
}

/** ms between attempts to reach it again. */
const PAUSES_MS = [300, 1000, 2000, 5000] as const;
/** ms that a call waits for the first connection. */
const FIRST_MS = 10_000;

const refused = (code: ErrorCode, message: string): Result<never> => ({ ok: false, error: { code, message } });
const LOST = 'The connection to QLF is lost; this page keeps trying.';

function download(name: string, data: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(data)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** Who this browser is to QLF; null where QLF does not answer. */
async function whoAmI(): Promise<{ role: RemoteRole | null } | null> {
  try {
    const answer = await fetch(SESSION_PATH);
    return answer.ok ? ((await answer.json()) as { role: RemoteRole | null }) : null;
  } catch {
    return null;
  }
}

/**
 * Connects this page to the QLF that served it, and again whenever the link breaks.
 */
export function connectRemote(origin: string): RemoteLink & { onLink(listener: () => void): void } {
  const access = createStore<RemoteAccess>(() => ({ link: 'connecting', role: null, name: '', needsToken: false }));
  const listeners = new Set<(batch: EventBatch) => void>();
  const links = new Set<() => void>();
  const answers = new Map<number, (result: Result<unknown>) => void>();
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let calls = 0;
  let failures = 0;
  let opened: () => void;
  let opening = new Promise<void>((resolve) => (opened = resolve));

  const take = (message: PushMessage): void => {
    switch (message.kind) {
      case 'hello':
        failures = 0;
        access.setState({ link: 'live', role: message.role, name: message.name, needsToken: false });
        opened();
        links.forEach((listener) => listener());
        return;
      case 'events':
        listeners.forEach((listener) => listener(message.batch));
        return;
      case 'answer': {
        for (const { name, data } of message.files) download(name, data);
        if (message.print !== '') window.open(message.print, '_blank', 'noopener');
        answers.get(message.id)?.(message.result);
        answers.delete(message.id);
      }
    }
  };

  const ended = (): void => {
    socket = null;
    opening = new Promise((resolve) => (opened = resolve));
    for (const answer of answers.values()) answer(refused('unavailable', LOST));
    answers.clear();
    access.setState({ link: 'lost' });
    links.forEach((listener) => listener());
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
    failures += 1;
    timer = setTimeout(() => void connect(), pause);
  };

  const connect = async (): Promise<void> => {
    clearTimeout(timer);
    // A refused socket does not say why.
    const session = await whoAmI();
    if (session?.role === null) {
      access.setState({ link: 'lost', needsToken: true, role: null, name: '' });
      return;
    }
    if (!session) {
      ended();
      return;
    }
    const next = new WebSocket(origin.replace(/^http/, 'ws') + LIVE_PATH);
    next.binaryType = 'arraybuffer';
    next.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      take(decodePush(data));
    });
    next.addEventListener('close', () => {
      if (socket === next) ended();
    });
    socket = next;
  };

  /** Connects anew as whoever the browser is now. */
  const again = (): void => {
    const old = socket;
    failures = 0;
    if (old) old.close();
    else void connect();
  };

  const call = async (channel: string, request: unknown): Promise<Result<unknown>> => {
    if (channel === 'window.set-scale')
      return refused('forbidden', 'The browser itself makes everything larger or smaller: Ctrl + and Ctrl −.');
    if (access.getState().link === 'connecting')
      await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, FIRST_MS))]);
    const now = socket;
    if (now?.readyState !== WebSocket.OPEN) return refused('unavailable', LOST);
    const id = (calls += 1);
    return new Promise((resolve) => {
      answers.set(id, resolve);
      now.send(encodeCall({ id, channel, request }));
    });
  };

  void connect();
  return {
    access,
    raw: {
      call,
      openFile: () =>
        Promise.resolve(refused('forbidden', 'Files of this computer can be opened in the desktop application only.')),
      onEvents(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    onLink: (listener) => void links.add(listener),
    async signIn(token) {
      try {
        const answer = await fetch(SESSION_PATH, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ token }),
        });
        if (!answer.ok) return ((await answer.json()) as { message: string }).message;
      } catch {
        return LOST;
      }
      again();
      return '';
    },
    async signOut() {
      await fetch(SESSION_PATH, { method: 'DELETE' }).catch(() => null);
      again();
    },
  };
}
