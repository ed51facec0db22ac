import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiErrorSchema, HealthSchema, LivenessSchema, RESOURCES } from '#shared/http/resources.ts';
import type { Observability } from '../domain/ports/observability.ts';

const METHODS = new Set(['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']);

/** Counts every answer; names from outside become one of a known few, so that nobody can fill the memory with labels. */
export function countAnswers(app: FastifyInstance, { answered }: Pick<Observability, 'answered'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    answered({
      method: METHODS.has(request.method) ? request.method : 'other',
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
}

/** What those ask who watch over QLF; as open as the map of resources: this machine's programs, no pages of a browser. */
export function watchRoutes(
  app: FastifyInstance,
  parts: { admit: (request: FastifyRequest) => void; version: string; observability: Observability | undefined },
): void {
  const { version, observability } = parts;
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    parts.admit(request);
    done();
  };
  const about = (summary: string, description: string) => ({ summary, description, tags: ['watch'] });
  app.get(
    RESOURCES.live,
    {
      onRequest,
      schema: {
        ...about('Liveness', 'Answers 200 as long as the engine answers at all.'),
        response: { 200: LivenessSchema, default: ApiErrorSchema },
      },
    },
    () => ({ status: 'ok', version }),
  );
  if (!observability) return;
  app.get(
    RESOURCES.health,
    {
      onRequest,
      schema: {
        ...about(
          'Readiness, with reasons',
          '200 where a new exposure would be processed now, else 503: what fails, and since when, is in the checks.',
        ),
        response: { 200: HealthSchema, 503: HealthSchema, default: ApiErrorSchema },
      },
    },
    (_request, reply) => {
      const { ready, uptime, checks } = observability.health();
      return reply
        .code(ready ? 200 : 503)
        .header('Cache-Control', 'no-store')
        .send({ status: ready ? 'ready' : 'not-ready', version, uptime, checks });
    },
  );
  app.get(
    RESOURCES.metrics,
    {
      onRequest,
      schema: {
        ...about('Metrics', 'Counts and measurements in the text format of Prometheus, version 0.0.4.'),
        produces: ['text/plain'],
        response: {
          200: { content: { 'text/plain': { schema: { type: 'string' } } } },
          default: ApiErrorSchema,
        },
      },
    },
    async (_request, reply) =>
      reply
        .header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
        .header('Cache-Control', 'no-store')
        .send(await observability.metrics()),
  );
}
