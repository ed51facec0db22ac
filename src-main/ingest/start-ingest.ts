import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { API_ROOT } from '#shared/http/resources.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { buildIngest, type IngestOptions } from './build-ingest.ts';

export interface ListenOptions {
  /** Address to listen on; one that others can reach needs `tls`. Default 127.0.0.1 */
  host?: string;
  /** Port wished for, 0 for any; a taken one means the next free one. Default 8000 */
  port?: number;
}

export interface RunningIngest {
  /** Base address, without a slash at the end. */
  readonly url: string;
  /** Address of the map of resources: what pipelines are given as QLF_API_URL. */
  readonly apiUrl: string;
  readonly port: number;
  /** What the observer must know; null when all is as wished. */
  readonly warning: string | null;
  close(): Promise<void>;
}

const DEFAULT_PORT = 8000;
const PORTS_TRIED = 100;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** How this machine's own programs reach an address that is listened on. */
function nameOf(host: string, hostNames: readonly string[] = []): string {
  if (host === '0.0.0.0' || host === '::') return hostNames[0] ?? 'localhost';
  return isIP(host) === 6 ? `[${host}]` : host;
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<number | 'taken'> {
  try {
    await app.listen({ host, port });
    const address = app.server.address();
    return typeof address === 'object' && address ? address.port : port;
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return 'taken';
    throw new QlfError('unavailable', `the ingest endpoint cannot listen on ${host}:${port}: ${String(error)}`, {
      cause: error,
    });
  }
}

/** ms that answers under way have when the endpoint closes; all that was acknowledged is stored already. */
const CLOSING_MS = 1000;

/** Takes no more, answers what is under way, then ends connections that would stay open for their own reasons. */
async function close(app: FastifyInstance): Promise<void> {
  const end = setTimeout(() => {
    app.server.closeAllConnections();
  }, CLOSING_MS);
  await app.close();
  clearTimeout(end);
}

/**
 * Opens the endpoint.
 * @throws QlfError `bad-request` for an address that others can reach without TLS, `unavailable` when no port is free
 */
export async function startIngest({
  host = '127.0.0.1',
  port = DEFAULT_PORT,
  ...options
}: IngestOptions & ListenOptions) {
  if (!isLoopback(host) && !options.tls) {
    throw new QlfError(
      'bad-request',
      `listening on ${host} needs a certificate and a key (TLS): passwords would be read`,
    );
  }
  const tries = port === 0 ? 1 : Math.min(PORTS_TRIED, 65_536 - port);
  for (let i = 0; i < tries; i += 1) {
    const app = buildIngest(options);
    const got = await listen(app, host, port + i);
    if (got === 'taken') continue;
    const url = `${options.tls ? 'https' : 'http'}://${nameOf(host, options.hostNames)}:${got}`;
    const warning =
      i === 0 ? null : `port ${port} is taken by another program: pipelines outside QLF must post to ${url}`;
    if (warning !== null) options.events.log('engine', 'warning', warning);
    const running: RunningIngest = { url, apiUrl: url + API_ROOT, port: got, warning, close: () => close(app) };
    return running;
  }
  throw new QlfError('unavailable', `no port from ${port} to ${port + tries - 1} is free for the ingest endpoint`);
}
