import { setTimeout as pause } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { API_ROOT, ApiErrorSchema, ApiMapSchema, RESOURCES } from '#shared/http/resources.ts';
import type { CameraConfigurator } from '../domain/ports/camera-configuration.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { Observability } from '../domain/ports/observability.ts';
import { accessControl, DEFAULT_LIMITS, type Limits } from './access.ts';
import { RequestError, sendError, toRequestError } from './api-error.ts';
import { authenticator, type IngestUser } from './authenticate.ts';
import { answerClientError } from './client-error.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { Connections } from './connections.ts';
import { GroupCommit } from './group-commit.ts';
import { guard } from './guard.ts';
import { parseBody } from './parse-json.ts';
import { readHere, type PostReader } from './post-reader.ts';
import { postRoutes } from './post-routes.ts';
import { publishOutcomes } from './publish.ts';
import { readRoutes } from './read-routes.ts';
import { ThreadedReader } from './threaded-reader.ts';
import { compileValidator } from './validation.ts';
import { countAnswers, watchRoutes } from './watch-routes.ts';

export interface IngestOptions {
  store: IngestStore;
  events: EventSink;
  /** Checks a configuration before it is saved. */
  configurator: Pick<CameraConfigurator, 'check'>;
  /** General ingest users beside those in the database. */
  users: readonly IngestUser[];
  version: string;
  /** Host names beside those of this machine's loopback. */
  hostNames?: readonly string[];
  /** Certificate and key, PEM; HTTP where absent. */
  tls?: { cert: string; key: string };
  /** bytes, default 2 MB */
  bodyLimit?: number;
  limits?: Partial<Limits>;
  /** File that reads large posts when it is started as a thread; without it this thread does. */
  readerProgram?: URL;
  /** Called for each batch of posts that became durable: the endpoint is alive. */
  contact?: () => void;
  /** What is told to those who watch over QLF; without it nothing is. */
  observability?: Observability;
  now?: () => number;
}

const BODY_LIMIT = 2 * 1024 * 1024;
/** ms between two looks for requests that take too long. */
const TIMEOUTS_INTERVAL = 2000;
/** ms that a client without a good credential waits for the word that it comes too often: it cannot flood while it waits. */
const SLOW_DOWN = 500;
/** Shortest time between two lines of the same kind in the log, ms. */
const REFUSED_LOG_INTERVAL = 60_000;

/** What is wrong with a post that has a good credential: somebody should mend its pipeline. */
const NONSENSE: ReadonlySet<string> = new Set(['bad-request', 'invalid', 'forbidden', 'too-large']);

/** Says on the screen that somebody is refused, but not a thousand times. */
function refusalLog(events: EventSink, now: () => number): (what: string) => void {
  let logged = -Infinity;
  let unlogged = 0;
  return (what) => {
    if (now() - logged < REFUSED_LOG_INTERVAL) {
      unlogged += 1;
      return;
    }
    const more = unlogged > 0 ? ` (and ${unlogged} before)` : '';
    events.log('engine', 'warning', `ingest: ${what}${more}`);
    logged = now();
    unlogged = 0;
  };
}

function readerOf(program: URL | undefined, events: EventSink): PostReader {
  if (!program) return readHere;
  return new ThreadedReader(program, (reason) =>
    events.log('engine', 'error', `ingest: the thread that reads large posts ended (${reason}); it begins anew`),
  );
}

function openRoutes(
  app: FastifyInstance,
  admit: (request: FastifyRequest) => void,
  resources: Partial<typeof RESOURCES>,
): void {
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    admit(request);
    done();
  };
  const map = (request: FastifyRequest): Record<string, string> => {
    const base = `${request.protocol}://${request.headers.host ?? ''}`;
    return Object.fromEntries(Object.entries(resources).map(([name, path]) => [name, base + path]));
  };
  const schema = {
    summary: 'The map of resources',
    tags: ['map'],
    response: { 200: ApiMapSchema, default: ApiErrorSchema },
  };
  app.get(API_ROOT, { onRequest, schema }, map);
  // For those who were told the endpoint's address and no more.
  app.get('/', { onRequest, schema: { hide: true } }, map);
  let openapi: object | undefined;
  app.get(RESOURCES.openapi, { onRequest, schema: { hide: true } }, () => (openapi ??= app.swagger()));
}

/** The endpoint of the founding document, ready to listen (`startIngest`) or to be asked (`inject`). */
export function buildIngest(options: IngestOptions): FastifyInstance {
  const { store, events, configurator, version, observability } = options;
  const now = options.now ?? Date.now;
  const bodyLimit = options.bodyLimit ?? BODY_LIMIT;
  const connections = new Connections();
  const app: FastifyInstance = fastify({
    bodyLimit,
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 32 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      connections.refuse(request.raw.socket);
      void sendError(toRequestError(error, bodyLimit), request, reply.header('Connection', 'close'));
    },
    ...(options.tls
      ? { https: { ...options.tls, connectionsCheckingInterval: TIMEOUTS_INTERVAL } }
      : { http: { connectionsCheckingInterval: TIMEOUTS_INTERVAL } }),
  });
  connections.watch(app.server);
  const noEntry = refusalLog(events, now);
  const nonsense = refusalLog(events, now);
  const access = accessControl(
    authenticator(store, options.users),
    { ...DEFAULT_LIMITS, ...options.limits },
    (address) => noEntry(`wrong user or password from ${address}`),
    ({ raw }) => connections.known(raw.socket),
  );
  const commit = new GroupCommit(store, (outcomes) => {
    publishOutcomes(store, events, outcomes);
    options.contact?.();
  });

  const reader = readerOf(options.readerProgram, events);
  app.addHook('onClose', () => reader.close());

  if (observability) countAnswers(app, observability);
  app.decorateRequest('principal', null);
  guard(app, options.hostNames ?? [], (request) => access.admit(request));
  app.removeAllContentTypeParsers();
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') done();
    else done(new RequestError('unsupported-media-type', `a body in ${encoding} encoding is not read; send it plain`));
  });
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as string).value);
    } catch (error) {
      done(new RequestError('bad-request', `the body is no JSON: ${(error as Error).message}`));
    }
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const answer = toRequestError(error, bodyLimit);
    if (answer.statusCode >= 500) {
      const reason = error instanceof Error ? error.message : String(error);
      events.log('engine', 'error', `ingest: ${request.method} ${request.url}: ${reason}`);
    }
    const { principal } = request;
    if (principal && NONSENSE.has(answer.code)) {
      const sender = principal.kind === 'run' ? `a pipeline of run ${principal.runId}` : principal.user;
      const [at] = answer.details ?? [];
      nonsense(`a post of ${sender} was refused: ${answer.message}${at ? ` (${at.path}: ${at.message})` : ''}`);
    }
    if (principal === null) {
      connections.refuse(request.raw.socket);
      reply.header('Connection', 'close');
      if (answer.code === 'too-many-requests') await pause(SLOW_DOWN);
    }
    return sendError(answer, request, reply);
  });
  app.setNotFoundHandler((request) => {
    access.admit(request);
    throw new RequestError('not-found', `there is nothing at ${request.method} ${request.url}`);
  });

  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'QLF', description: 'Where Quick Look pipelines post their QA outputs', version },
      components: { securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
    },
  });
  const admit = (request: FastifyRequest): void => access.admit(request);
  const { health: _health, metrics: _metrics, ...unwatched } = RESOURCES;
  void app.register(async (scope) => openRoutes(scope, admit, observability ? RESOURCES : unwatched));
  void app.register(async (scope) => watchRoutes(scope, { admit, version, observability }));
  void app.register(async (scope) => postRoutes(scope, { access, commit, reader, now }));
  void app.register(async (scope) => readRoutes(scope, { store, access }));
  void app.register(async (scope) => configurationRoutes(scope, { store, access, events, configurator, now }));
  return app;
}
