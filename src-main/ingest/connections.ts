import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Most connections that have not shown a good credential; a new one ends the oldest of them. */
const MAX_STRANGERS = 500;
/** Most connections of all. */
const MAX_CONNECTIONS = 2000;
/** Most requests of a connection that wait for their answers; who sends more is cut off. */
const MAX_UNANSWERED = 32;
/** ms for a request's headers; its body has the time of the whole request. */
const HEADERS_TIMEOUT = 10_000;

/**
 * Keeps those that come to hold or to flood from keeping out pipelines, which come from the same address as often as not. A
 * connection is a stranger until its first good credential, which is read before its body.
 */
export class Connections {
  readonly #strangers = new Set<Socket>();
  readonly #unanswered = new WeakMap<Socket, number>();
  readonly #refused = new WeakSet<Socket>();

  watch(server: Server): void {
    server.maxConnections = MAX_CONNECTIONS;
    server.headersTimeout = HEADERS_TIMEOUT;
    // With TLS the requests' sockets are those of this event.
    for (const event of ['connection', 'secureConnection']) server.on(event, (socket: Socket) => this.#opened(socket));
    const handlers = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#takes(request.socket, response)) for (const handle of handlers) handle.call(server, request, response);
    });
  }

  /** It has shown a good credential. */
  known(socket: Socket): void {
    this.#strangers.delete(socket);
  }

  /** It is answered with an error and closed: what else it has sent is not looked at. */
  refuse(socket: Socket): void {
    this.#refused.add(socket);
  }

  #opened(socket: Socket): void {
    this.#strangers.add(socket);
    socket.once('close', () => this.#strangers.delete(socket));
    if (this.#strangers.size <= MAX_STRANGERS) return;
    const [oldest] = this.#strangers;
    oldest?.destroy();
  }

  #takes(socket: Socket, response: ServerResponse): boolean {
    if (this.#refused.has(socket)) return false;
    const waiting = (this.#unanswered.get(socket) ?? 0) + 1;
    if (waiting > MAX_UNANSWERED) {
      this.#refused.add(socket);
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, waiting);
    response.once('close', () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    return true;
  }
}
