import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { WebSocket } from 'ws';
import type { RemoteAct, RemoteClient } from '#shared/domain/remote.ts';
import { withoutSecretValues } from '#shared/domain/redact.ts';
import { CHANNELS, type Channel } from '#shared/ipc/channels.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { Result } from '#shared/ipc/result.ts';
import { changes, leastRole, mayCall } from '#shared/remote/permissions.ts';
import type { PushMessage, SavedFile } from '#shared/remote/wire.ts';
import { answerCall, refuse } from '../domain/answer-call.ts';
import type { callDocuments } from './call-documents.ts';
import { decodeCall, encodePush } from './codec.ts';
import type { Person } from './sessions.ts';

type Socket = Pick<
  WebSocket,
  'bufferedAmount' | 'close' | 'on' | 'OPEN' | 'ping' | 'readyState' | 'send' | 'terminate'
>;

export interface ConnectionParts {
  handlers: () => Handlers;
  documents: ReturnType<typeof callDocuments>;
  /** Keeps a page for printing; where the browser finds it. */
  keepPage: (html: string) => string;
  /** Who it is now: sessions and tokens end. Undefined: nobody any more. */
  person: () => Person | undefined;
  record: (act: Omit<RemoteAct, 'id' | 'at' | 'address'>) => void;
  report: (error: unknown) => void;
  version: string;
  /** Distinguishes this connection's views of images from others'. */
  number: number;
}

const CallSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    channel: Type.String({ maxLength: 100 }),
    request: Type.Unknown(),
  },
  { additionalProperties: false },
);
const isCall = Compile(CallSchema);

/** Calls of a page that are answered at once; others wait. */
const AT_ONCE = 8;
/** Most calls of a page that wait; one that sends more is no page of ours. */
const MOST_WAITING = 2000;
/** Bytes that a slow link may be behind before it misses events; it takes the whole state again when it sees the gap. */
const BEHIND = 8 * 1024 * 1024;
/** Bytes behind after which a link is given up. */
const TOO_FAR_BEHIND = 64 * 1024 * 1024;
const LONGEST_REQUEST = 2000;
/** Views of a page are counted from 0; so many of each stay apart from all others'. */
const VIEWS = 1_000_000;
const CONNECTIONS = 2000;

/** WebSocket close codes: a policy broken · nobody is allowed without a token any more, or the token has ended. */
const POLICY = 1008;
export const SIGNED_OUT = 4001;

const A = { viewer: 'A viewer', observer: 'An observer', engineer: 'An engineer' } as const;

const known: ReadonlySet<string> = new Set(CHANNELS);

function isChannel(name: string): name is Channel {
  return known.has(name);
}

/** Another page's views are out of reach. */
function withOwnView(request: unknown, number: number): unknown {
  if (typeof request !== 'object' || request === null || !('view' in request)) return request;
  const { view } = request;
  if (typeof view !== 'number' || !Number.isInteger(view) || view < 0) return request;
  return { ...request, view: VIEWS * ((number % CONNECTIONS) + 1) + (view % VIEWS) };
}

function asText(request: unknown): string {
  const text = request === undefined ? '' : JSON.stringify(withoutSecretValues(request));
  return text.length > LONGEST_REQUEST ? `${text.slice(0, LONGEST_REQUEST)}…` : text;
}

/** The names of saved files stand where the engine told its own paths. */
function withNames(result: Result<unknown>, files: readonly (SavedFile & { path: string })[]): Result<unknown> {
  if (!result.ok || typeof result.value !== 'object' || result.value === null || !('file' in result.value))
    return result;
  const { value } = result;
  const saved = files.find(({ path }) => path === value.file);
  return saved ? { ok: true, value: { ...value, file: saved.name } } : result;
}

/** One page in a browser elsewhere: its calls are answered as its role allows, and events pushed to it. */
export class Connection {
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #client: RemoteClient;
  readonly #waiting: (() => Promise<void>)[] = [];
  #working = 0;
  #alive = true;

  constructor(socket: Socket, client: RemoteClient, parts: ConnectionParts) {
    this.#socket = socket;
    this.#client = client;
    this.#parts = parts;
    socket.on('message', (data, isBinary) => {
      this.#take(data as Uint8Array, isBinary);
    });
    socket.on('pong', () => {
      this.#alive = true;
    });
    // A broken link ends in 'close' as well.
    socket.on('error', () => undefined);
    const { name, role } = client;
    this.#push({ kind: 'hello', role, name, version: parts.version });
  }

  get client(): RemoteClient {
    return this.#client;
  }

  /** Ends those whose session or token has ended. */
  check(): void {
    const person = this.#parts.person();
    if (person?.name !== this.#client.name || person.role !== this.#client.role)
      this.#socket.close(SIGNED_OUT, 'the session has ended');
  }

  /** Ends a link that does not answer any more; asks the others. */
  ping(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  /** @param bytes an encoded message for all */
  send(bytes: Uint8Array): void {
    const behind = this.#socket.bufferedAmount;
    if (behind > TOO_FAR_BEHIND) this.#socket.terminate();
    else if (behind <= BEHIND && this.#socket.readyState === this.#socket.OPEN) this.#socket.send(bytes);
  }

  #push(message: PushMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(encodePush(message));
  }

  #take(data: Uint8Array, isBinary: boolean): void {
    let message: unknown;
    try {
      message = isBinary ? decodeCall(data) : null;
    } catch {
      message = null;
    }
    if (!isCall.Check(message)) {
      this.#socket.close(POLICY, 'this is no call');
      return;
    }
    const { id, channel, request } = message;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#socket.close(POLICY, 'too many calls at once');
      return;
    }
    this.#waiting.push(() => this.#answer(id, channel, request));
    this.#next();
  }

  #next(): void {
    while (this.#working < AT_ONCE) {
      const task = this.#waiting.shift();
      if (!task) return;
      this.#working += 1;
      void task().finally(() => {
        this.#working -= 1;
        this.#next();
      });
    }
  }

  /** Never rejects. */
  async #answer(id: number, channel: string, request: unknown): Promise<void> {
    const { documents, report } = this.#parts;
    try {
      const left = await documents.inCall(() => this.#result(channel, request));
      const { value, files, page } = left;
      this.#push({
        kind: 'answer',
        id,
        result: withNames(value, files),
        files: files.map(({ name, data }) => ({ name, data })),
        print: page === null ? '' : this.#parts.keepPage(page),
      });
    } catch (error) {
      report(error);
      const result = refuse('internal', `${channel} failed inside QLF. The engine’s log has the details.`);
      this.#push({ kind: 'answer', id, result, files: [], print: '' });
    }
  }

  async #result(channel: string, request: unknown): Promise<Result<unknown>> {
    if (!isChannel(channel)) return refuse('bad-request', `There is no channel "${channel}" in this version of QLF.`);
    const person = this.#parts.person();
    const least = leastRole(channel);
    if (person && least === 'viewer')
      return answerCall(channel, withOwnView(request, this.#parts.number), this.#parts.handlers(), this.#parts.report);
    const result = await this.#act(person, channel, request);
    if (!changes(channel)) return result;
    this.#parts.record({
      name: person?.name ?? '',
      role: person?.role ?? null,
      act: channel,
      request: asText(request),
      refusal: result.ok ? '' : result.error.message,
    });
    return result;
  }

  async #act(person: Person | undefined, channel: Channel, request: unknown): Promise<Result<unknown>> {
    const { handlers, report } = this.#parts;
    if (!person) return refuse('forbidden', 'Your session has ended. Sign in again.');
    const least = leastRole(channel);
    if (least === 'desk')
      return refuse('forbidden', 'This can be done at the desktop of QLF only, not from elsewhere.');
    if (!mayCall(person.role, channel))
      return refuse('forbidden', `${A[person.role]} may not do this. Sign in with the token of an ${least}.`);
    if (channel === 'settings.set' && (await this.#changesProgram(request)))
      return refuse('forbidden', 'Which program processes exposures is chosen at the desktop of QLF only.');
    return answerCall(channel, request, handlers(), report);
  }

  /** Whoever names a program runs it on this computer: that is for those who sit at it. */
  async #changesProgram(request: unknown): Promise<boolean> {
    const { pipeline } = await this.#parts.handlers()['settings.get']({});
    const wished = (request as { settings?: { pipeline?: unknown } } | null)?.settings?.pipeline;
    return JSON.stringify(wished) !== JSON.stringify(pipeline);
  }
}
