import type { FastifyInstance } from 'fastify';
import { parseCamera } from '#shared/domain/camera.ts';
import { JobPostSchema, JobReceiptSchema, MAX_DEPTH, type JobPost, type JobReceipt } from '#shared/http/job-post.ts';
import { ApiErrorSchema, RESOURCES } from '#shared/http/resources.ts';
import type { Post, PostedMeasurement, Principal, Recorded } from '../domain/ports/ingest-store.ts';
import type { Access } from './access.ts';
import { RequestError } from './api-error.ts';
import type { GroupCommit } from './group-commit.ts';
import { normalise, UnfitValue } from './parse-json.ts';
import type { SchemaTypes } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; set where a credential is demanded. */
    principal: Principal | null;
    /** What stands in the parsed body for NaN and infinities. */
    nonFiniteMark: string | null;
  }
}

function toMeasurement(
  { metric, value }: { metric: string; value: unknown },
  index: number,
  mark: string | null,
): PostedMeasurement {
  try {
    const fit = normalise(value, mark, MAX_DEPTH);
    return { name: metric, text: JSON.stringify(fit.value), ...fit };
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    const path = `/measurements/${index}/value${error.path === '' ? '' : `/${error.path.replaceAll('.', '/')}`}`;
    throw new RequestError('invalid', `the value of ${metric} cannot be kept: ${error.message}`, {
      details: [{ path, message: error.message }],
    });
  }
}

function toPost(body: JobPost, principal: Principal, mark: string | null, receivedAt: number): Post {
  const camera = parseCamera(body.camera);
  if (camera === undefined) throw new RequestError('invalid', `${body.camera} is no camera`);
  return {
    principal,
    expid: body.expid,
    camera,
    status: body.status as Post['status'],
    label: body.id ?? null,
    measurements: (body.measurements ?? []).map((item, i) => toMeasurement(item, i, mark)),
    receivedAt,
  };
}

function toReceipt(post: Post, { run, job, measurements }: Recorded): JobReceipt {
  return {
    id: post.label,
    expid: post.expid,
    camera: post.camera,
    status: post.status,
    run: run.id,
    job: job.id,
    state: job.state,
    measurements: measurements.map(({ stored, summary: { id, metric, revision, status } }) => ({
      id,
      metric,
      revision,
      status,
      stored,
    })),
  };
}

/** `POST job`: stores a job's measurements and answers 201 once they are durable and the control room knows. */
export function postRoutes(
  instance: FastifyInstance,
  parts: { access: Access; commit: GroupCommit; now: () => number },
): void {
  const app = instance.withTypeProvider<SchemaTypes>();
  app.post(
    RESOURCES.job,
    {
      schema: {
        summary: 'Post the QA outputs of a job, all or some, once or again',
        description:
          'The credential with expid and camera names the job. The same value is stored once, a different one becomes a new ' +
          'revision. NaN, Infinity and -Infinity, as Python writes them, are kept as null and noted.',
        tags: ['job'],
        security: [{ basic: [] }],
        body: JobPostSchema,
        response: { 201: JobReceiptSchema, default: ApiErrorSchema },
      },
      onRequest: (request, _reply, done) => {
        request.principal = parts.access.authenticate(request);
        done();
      },
    },
    async (request, reply) => {
      const { principal } = request;
      if (!principal) throw new RequestError('unauthorized', 'a credential is needed');
      const post = toPost(request.body, principal, request.nonFiniteMark, parts.now());
      const bytes = Number(request.headers['content-length'] ?? 0);
      const outcome = await parts.commit.submit(post, bytes);
      if (!outcome.ok) throw new RequestError('forbidden', outcome.message);
      return reply.code(201).header('Content-Type', 'application/json; charset=utf-8').send(toReceipt(post, outcome));
    },
  );
}
