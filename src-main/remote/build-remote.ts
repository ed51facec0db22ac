import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { sep } from 'node:path';
import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { RemoteAct, RemoteSettings } from '#shared/domain/remote.ts';
import { LIVE_PATH, PRINT_PATH, SESSION_PATH } from '#shared/remote/wire.ts';
import { assetHeaders, assetPath } from '../domain/assets.ts';
import { TokenBuckets } from '../domain/token-buckets.ts';
import type { Certificate } from './certificate.ts';
import { Connection, type ConnectionParts } from './connection.ts';
import { nameInHeader } from './host-names.ts';
import { ANYBODY, type Person, type Sessions } from './sessions.ts';

export interface BuildParts extends Pick<ConnectionParts, 'handlers' | 'documents' | 'report' | 'version'> {
  settings: () => RemoteSettings;
  certificate: Certificate;
  /** Names and addresses under which browsers may ask, lower case. */
  names: readonly string[];
  /** The built interface. */
  assets: string;
  sessions: Sessions;
  record: (act: Omit<RemoteAct, 'id' | 'at'>) => void;
  opened: (connection: Connection) => void;
  closed: (connection: Connection) => void;
  now: () => number;
}

/** `__Host-`: for this computer alone, over TLS alone; no page of another origin and no script reads it. */
const COOKIE = '__Host-qlf';
const COOKIE_OPTIONS = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;
/** Longest call: a QL configuration, a list of planned tiles. */
const MAX_PAYLOAD = 4 * 1024 * 1024;
const MOST_CONNECTIONS = 100;
const PRINT_MS = 60_000;
const MOST_PAGES = 20;
/** How often an address may come, and how often with a wrong token. */
const COMING = { perSecond: 50, burst: 500 };
const FAILING = { perSecond: 0.2, burst: 10 };

const Token = Compile(Type.Object({ token: Type.String({ maxLength: 200 }) }, { additionalProperties: false }));

/** A report to print needs its own styles and nothing else. */
const PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

/** Longest time that a hashed file of the interface may be kept, s. */
const YEAR = 31_536_000;

function answer(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply
    .code(status)
    .headers({ ...assetHeaders('.json'), 'Cache-Control': 'no-store' })
    .send(JSON.stringify(value));
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return answer(reply, status, { message });
}

/** Only pages of this server's own may ask it for more than files. */
function isOwnOrigin({ headers: { origin, host } }: FastifyRequest): boolean {
  return origin !== undefined && host !== undefined && origin.toLowerCase() === `https://${host.toLowerCase()}`;
}

/** The server of the remote view: files of the interface, sessions, and a socket for every page. */
export async function buildRemote(parts: BuildParts): Promise<FastifyInstance> {
  const { sessions, record, settings } = parts;
  const names = new Set(parts.names);
  const coming = new TokenBuckets(COMING);
  const failing = new TokenBuckets(FAILING);
  const pages = new Map<string, { html: string; until: number }>();
  const connections = new Set<Connection>();
  let number = 0;

  const app = fastify({
    https: { cert: parts.certificate.cert, key: parts.certificate.key, minVersion: 'TLSv1.2' },
    bodyLimit: 4096,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    forceCloseConnections: true,
  });
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: MAX_PAYLOAD, perMessageDeflate: false } });

  const sessionOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];
  const personOf = (session: string | undefined): Person | undefined =>
    sessions.person(session) ?? (settings().open ? ANYBODY : undefined);

  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers;
    // Another name for this computer is somebody's who wants a browser to take us for them.
    if (host === undefined || !names.has(nameInHeader(host)))
      return refuse(reply, 421, `${JSON.stringify(host ?? '')} is no name of this QLF; see its settings, Remote view`);
    const wait = coming.take(request.ip, performance.now());
    if (wait > 0) return refuse(reply.header('Retry-After', wait), 429, `too many requests; come again in ${wait} s`);
    return undefined;
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'not found'));
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) parts.report(error);
    return refuse(reply, status, status >= 500 ? 'QLF failed; its log has the details' : 'bad request');
  });

  app.post(SESSION_PATH, async (request, reply) => {
    if (!isOwnOrigin(request)) return refuse(reply, 403, 'only the page of QLF may sign in');
    if (!Token.Check(request.body)) return refuse(reply, 400, 'a token is missing');
    const found = sessions.signIn(request.body.token);
    const about = { address: request.ip, act: 'sign in', request: '' };
    if (!found) {
      const wait = failing.take(request.ip, performance.now());
      if (wait > 0) return refuse(reply.header('Retry-After', wait), 429, `wait ${wait} s before the next attempt`);
      record({ ...about, name: '', role: null, refusal: 'no such token' });
      return refuse(reply, 401, 'This token does not hold: it is wrong, has expired, or was revoked.');
    }
    record({ ...about, name: found.person.name, role: found.person.role, refusal: '' });
    const { name, role } = found.person;
    return answer(reply.setCookie(COOKIE, found.session, COOKIE_OPTIONS), 200, { name, role });
  });

  /** Who the browser is; a page whose socket is refused asks here why. */
  app.get(SESSION_PATH, async (request, reply) => {
    const { name, role } = personOf(sessionOf(request)) ?? { name: '', role: null };
    return answer(reply, 200, { name, role });
  });

  app.delete(SESSION_PATH, async (request, reply) => {
    if (!isOwnOrigin(request)) return refuse(reply, 403, 'only the page of QLF may sign out');
    const session = sessionOf(request);
    const person = sessions.person(session);
    if (session !== undefined) sessions.signOut(session);
    if (person) record({ address: request.ip, act: 'sign out', request: '', ...person, refusal: '' });
    for (const connection of connections) connection.check();
    return answer(reply.clearCookie(COOKIE, COOKIE_OPTIONS), 200, {});
  });

  const keepPage = (html: string): string => {
    for (const [name, page] of pages) if (page.until < parts.now()) pages.delete(name);
    if (pages.size >= MOST_PAGES) pages.clear();
    const name = randomBytes(16).toString('hex');
    pages.set(name, { html, until: parts.now() + PRINT_MS });
    return PRINT_PATH + name;
  };
  app.get(`${PRINT_PATH}:name`, async (request, reply) => {
    const page = pages.get((request.params as { name: string }).name);
    if (!page || page.until < parts.now()) return refuse(reply, 404, 'this page is no longer here: print again');
    return reply
      .headers({ ...assetHeaders('.html'), 'Content-Security-Policy': PRINT_POLICY, 'Cache-Control': 'no-store' })
      .send(page.html);
  });

  app.get(
    LIVE_PATH,
    {
      websocket: true,
      preValidation: async (request, reply) => {
        if (!isOwnOrigin(request)) return refuse(reply, 403, 'only the page of QLF may connect');
        if (!personOf(sessionOf(request))) return refuse(reply, 401, 'sign in first');
        if (connections.size >= MOST_CONNECTIONS) return refuse(reply, 503, 'too many look on already');
        return undefined;
      },
    },
    (socket, request) => {
      const session = sessionOf(request);
      const person = personOf(session) ?? ANYBODY;
      const { ip: address } = request;
      number += 1;
      const connection = new Connection(
        socket,
        { name: person.name, role: person.role, address, since: parts.now() },
        {
          ...{ handlers: parts.handlers, documents: parts.documents, report: parts.report, version: parts.version },
          keepPage,
          person: () => personOf(session),
          record: (act) => record({ ...act, address }),
          number,
        },
      );
      connections.add(connection);
      parts.opened(connection);
      socket.on('close', () => {
        connections.delete(connection);
        parts.closed(connection);
      });
    },
  );

  app.get('/*', async (request, reply) => {
    const path = assetPath(parts.assets, `https://qlf${request.url}`);
    if (path === undefined) return refuse(reply, 403, 'not allowed');
    const content = await readFile(path).catch(() => null);
    if (content === null) return refuse(reply, 404, 'not found');
    const isHashed = path.startsWith(`${parts.assets}${sep}assets${sep}`);
    return reply
      .headers({
        ...assetHeaders(path),
        'Cache-Control': isHashed ? `public, max-age=${String(YEAR)}, immutable` : 'no-cache',
      })
      .send(content);
  });
  return app;
}
