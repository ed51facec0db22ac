import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiError } from '#shared/http/resources.ts';

/** What a client is told whose bytes are no HTTP, by the code of the parser's error. */
function answerTo(code: string | undefined): { status: number; error: ApiError['error'] } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, error: { code: 'bad-request', message: 'the request took too long; send it again' } };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, error: { code: 'too-large', message: 'the headers of the request are too long' } };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, error: { code: 'too-large', message: 'the extensions of a chunk are too long' } };
    default:
      return { status: 400, error: { code: 'bad-request', message: 'this is no HTTP request' } };
  }
}

/** Answers what never became a request, in the form of all errors, and ends the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error: what } = answerTo(error.code);
  const body = JSON.stringify({ error: what } satisfies ApiError);
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
