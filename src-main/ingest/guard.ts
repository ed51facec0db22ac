import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from './api-error.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** The name in a Host header without its port, lower case. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:[0-9]+$/, '');
}

/**
 * Keeps browsers' pages out: a page could send a request to this machine (Origin), or make a name of its own mean this machine
 * (Host). Pipelines do neither.
 * @param names host names under which the endpoint is known beside those of this machine's loopback
 * @param admit throws where somebody comes too often
 */
export function guard(app: FastifyInstance, names: readonly string[], admit: (request: FastifyRequest) => void): void {
  const known = new Set([...LOOPBACK_NAMES, ...names.map((name) => name.toLowerCase())]);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(HEADERS);
    const { host, origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const refuse = (why: string): void => {
      admit(request);
      throw new RequestError('forbidden', why);
    };
    if (host === undefined || !known.has(hostName(host))) {
      refuse(`the host name ${JSON.stringify(host ?? '')} is not one of this endpoint's`);
    } else if (origin !== undefined || site === 'cross-site' || site === 'same-site') {
      refuse('pages of a browser may not use this interface');
    } else {
      done();
    }
  });
}
