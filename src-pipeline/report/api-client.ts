import http from 'node:http';
import https from 'node:https';

/** Where results are posted, and as whom. */
export interface ApiAccess {
  /** e.g. http://127.0.0.1:8000/dashboard/api/ */
  url: string;
  user: string;
  password: string;
}

/** Ingest access from QLF_API_URL, QLF_USER and QLF_PASSWD; null when there is no address. */
export function accessFromEnvironment(env: Readonly<Record<string, string | undefined>>): ApiAccess | null {
  const url = env['QLF_API_URL'];
  if (url === undefined || url === '') return null;
  return { url, user: env['QLF_USER'] ?? '', password: env['QLF_PASSWD'] ?? '' };
}

/** The endpoint has said no, and will say so again. */
export class RejectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RejectedError';
  }
}

export interface ApiClient {
  /** @throws RejectedError, or Error where another try may help */
  postJob(document: unknown): Promise<void>;
  close(): void;
}

/** A request that takes longer than this has failed, ms. */
const REQUEST_TIMEOUT = 20_000;
const MAX_ANSWER = 1_000_000;
/** Answers to a client error that another try may change: timeout, too early, too many requests. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * The founding document's client: GET the address, which answers the map of resources, then POST to its `job`, with basic
 * authentication, over one connection that is kept open.
 */
export function createApiClient(access: ApiAccess): ApiClient {
  const secure = access.url.startsWith('https:');
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: 1 })
    : new http.Agent({ keepAlive: true, maxSockets: 1 });
  const authorization = `Basic ${Buffer.from(`${access.user}:${access.password}`).toString('base64')}`;
  let jobUrl: URL | undefined;

  const send = async (method: 'GET' | 'POST', url: URL, body: string | null): Promise<string> => {
    const answer = await exchange(method, url, body, authorization, agent);
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    const text = `${method} ${url.href} answered ${answer.status}: ${answer.text.slice(0, 300)}`;
    const isFinal = answer.status >= 400 && answer.status < 500 && !TRANSIENT.has(answer.status);
    throw isFinal ? new RejectedError(text) : new Error(text);
  };

  return {
    async postJob(document) {
      jobUrl ??= jobResource(await send('GET', new URL(access.url), null), access.url);
      await send('POST', jobUrl, JSON.stringify(document));
    },
    close: () => agent.destroy(),
  };
}

function jobResource(text: string, base: string): URL {
  let api: unknown;
  try {
    api = JSON.parse(text);
  } catch {
    throw new RejectedError(`GET ${base} answered no JSON`);
  }
  const job = typeof api === 'object' && api !== null && 'job' in api ? api.job : undefined;
  if (typeof job !== 'string') throw new RejectedError(`GET ${base} names no resource 'job'`);
  return new URL(job, base);
}

interface Answer {
  status: number;
  text: string;
}

function exchange(
  method: string,
  url: URL,
  body: string | null,
  authorization: string,
  agent: http.Agent,
): Promise<Answer> {
  const transport = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const headers: http.OutgoingHttpHeaders = { accept: 'application/json', authorization };
    if (body !== null) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    const request = transport.request(url, { method, agent, headers, timeout: REQUEST_TIMEOUT }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= MAX_ANSWER) chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('timeout', () =>
      request.destroy(new Error(`no answer from ${url.href} for ${REQUEST_TIMEOUT / 1000} s`)),
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
