import { request as ask } from 'node:https';
import WebSocket from 'ws';
import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import type { Result } from '#shared/ipc/result.ts';
import { LIVE_PATH, SESSION_PATH, type PushMessage, type SavedFile } from '#shared/remote/wire.ts';
import type { ControlRoomEvent } from '#shared/state/events.ts';
import { decodePush, encodeCall } from '../../src-renderer/remote/codec.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request of a browser that takes any certificate. */
export function fetchRemote(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = ask(
      { host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, headers: got, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Signs in as the page does; the session's cookie, or undefined where it was refused. */
export async function signIn(port: number, token: string): Promise<{ cookie: string | undefined; answer: Answer }> {
  const answer = await fetchRemote(port, SESSION_PATH, {
    method: 'POST',
    headers: { Origin: `https://127.0.0.1:${String(port)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const [set] = [answer.headers['set-cookie']].flat();
  return { cookie: set?.split(';')[0], answer };
}

/** A page of a browser elsewhere, without its screen. */
export class RemotePage {
  readonly socket: WebSocket;
  readonly events: ControlRoomEvent[] = [];
  readonly files: SavedFile[] = [];
  readonly prints: string[] = [];
  readonly closed: Promise<number>;
  hello: Extract<PushMessage, { kind: 'hello' }> | undefined;
  readonly #answers = new Map<number, (result: Result<unknown>) => void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    this.closed = new Promise((resolve) => {
      socket.on('close', resolve);
    });
  }

  /** @throws Error with the status where the server refuses */
  static open(
    port: number,
    { cookie, origin }: { cookie?: string | undefined; origin?: string } = {},
  ): Promise<RemotePage> {
    const socket = new WebSocket(`wss://127.0.0.1:${String(port)}${LIVE_PATH}`, {
      rejectUnauthorized: false,
      origin: origin ?? `https://127.0.0.1:${String(port)}`,
      ...(cookie === undefined ? {} : { headers: { Cookie: cookie } }),
    });
    const page = new RemotePage(socket);
    return new Promise((resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => {
        reject(new Error(`refused: ${String(response.statusCode)}`));
        socket.terminate();
      });
      socket.on('error', reject);
      socket.on('message', (data: ArrayBuffer) => {
        page.#take(decodePush(data));
        if (page.hello) resolve(page);
      });
    });
  }

  call<C extends Channel>(channel: C, request: Request<C>): Promise<Result<Response<C>>> {
    return this.callRaw(channel, request) as Promise<Result<Response<C>>>;
  }

  callRaw(channel: string, request: unknown): Promise<Result<unknown>> {
    const id = (this.#calls += 1);
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.socket.send(encodeCall({ id, channel, request }));
    });
  }

  close(): void {
    this.socket.terminate();
  }

  #take(message: PushMessage): void {
    if (message.kind === 'hello') this.hello = message;
    else if (message.kind === 'events') this.events.push(...message.batch.events);
    else {
      this.files.push(...message.files);
      if (message.print !== '') this.prints.push(message.print);
      this.#answers.get(message.id)?.(message.result);
    }
  }
}
