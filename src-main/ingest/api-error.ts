import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { assertNever } from '#shared/assert-never.ts';
import type { ApiError, ApiErrorCode } from '#shared/http/resources.ts';
import { QlfError } from '#shared/ipc/result.ts';

type Details = { path: string; message: string }[];

/** A request that is answered with an error; the message says what is wrong and what to do. */
export class RequestError extends Error {
  readonly code: ApiErrorCode;
  /** HTTP status; Fastify reads it, and writes it. */
  statusCode: number;
  readonly details: Details | undefined;
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined;

  constructor(code: ApiErrorCode, message: string, more: { details?: Details; retryAfter?: number } = {}) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.statusCode = statusOf(code);
    this.details = more.details;
    this.retryAfter = more.retryAfter;
  }
}

function statusOf(code: ApiErrorCode): number {
  switch (code) {
    case 'bad-request':
      return 400;
    case 'unauthorized':
      return 401;
    case 'forbidden':
      return 403;
    case 'not-found':
      return 404;
    case 'too-large':
      return 413;
    case 'unsupported-media-type':
      return 415;
    case 'invalid':
      return 422;
    case 'too-many-requests':
      return 429;
    case 'internal':
      return 500;
    case 'unavailable':
      return 503;
    default:
      return assertNever(code, 'error code');
  }
}

/** Errors of SQLite that say "not now" rather than "never". */
const TRANSIENT = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|NOMEM)/;

/** What a client is told about any error; nothing of the inside leaks. */
export function toRequestError(error: unknown, bodyLimit: number): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof QlfError) {
    switch (error.code) {
      case 'invalid-configuration':
        return new RequestError('invalid', error.message);
      case 'not-found':
        return new RequestError('not-found', error.message);
      default:
        return new RequestError('internal', 'the request could not be carried out; see the log of QLF');
    }
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  if (typeof code === 'string' && TRANSIENT.test(code)) {
    return new RequestError('unavailable', `nothing was stored: the database cannot be written (${code}); post again`, {
      retryAfter: 1,
    });
  }
  switch (statusCode) {
    case 413:
      return new RequestError(
        'too-large',
        `the body is larger than ${bodyLimit} bytes; post fewer measurements at once`,
      );
    case 415:
      return new RequestError('unsupported-media-type', 'the body must be JSON, with Content-Type: application/json');
    default:
      return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
        ? new RequestError('bad-request', (error as Error).message)
        : new RequestError('internal', 'the request could not be carried out; see the log of QLF');
  }
}

export function sendError(error: RequestError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body: ApiError = {
    error: { code: error.code, message: error.message, ...(error.details && { details: error.details }) },
  };
  if (error.code === 'unauthorized') reply.header('WWW-Authenticate', 'Basic realm="QLF", charset="UTF-8"');
  if (error.retryAfter !== undefined) reply.header('Retry-After', error.retryAfter);
  return reply.code(error.statusCode).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
